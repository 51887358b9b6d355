//! Programs that speak to the API: each puts one thing into a cart of its own under one key, and asks again under the same
//! key until it is told how that ended, as one does whose shop falls in the middle of an answer.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use chrono::{DateTime, TimeDelta, Utc};
use commerce::ids::CartId;
use oxcart::flows::cart;
use oxcart::routes::table;
use oxcart::store::verify::Violation;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::dice::Dice;
use super::script::{Process, Script};
use super::world::{Done, World, fork, then, violation};

/// Keys are forgotten two days later; a program gives up before that.
const PATIENCE: TimeDelta = TimeDelta::hours(36);

#[derive(Debug)]
pub struct Program {
    pub cart: CartId,
    began: DateTime<Utc>,
    /// The answer it was given.
    answer: Option<(u16, String)>,
    /// Whether its one thing has to be in its cart, as far as it was told.
    pub has_it: bool,
}

/// Beside everybody else, with chance of their own: what a seed does otherwise hangs on nothing they do.
pub struct Programs {
    pub all: Vec<Program>,
    asking: Vec<Process>,
    dice: Dice,
}

impl Programs {
    pub fn new(seed: u64) -> Self {
        Programs { all: vec![], asking: vec![], dice: Dice::new(!seed) }
    }

    /// One of the latest that is not too old to ask.
    fn asks_again(&mut self, now: DateTime<Utc>) -> Option<usize> {
        let at = self.all.len().checked_sub(1 + self.dice.below(3))?;
        (now - self.all[at].began < PATIENCE).then_some(at)
    }
}

impl World {
    /// A program does something, now and then.
    pub async fn programs_go_on(&mut self) -> Result<(), Vec<Violation>> {
        let dice = &mut self.programs.dice;
        if !dice.chance(12) {
            return Ok(());
        }
        let goes_on = self.programs.asking.len().checked_sub(1).filter(|_| self.programs.dice.chance(50));
        let process = match goes_on {
            Some(last) => self.programs.asking.swap_remove(self.programs.dice.below(last + 1)),
            None => self.ask_under_a_key().await,
        };
        self.lets_ask(process).await
    }

    /// Nobody comes any more: those who ask are answered.
    pub async fn programs_end(&mut self) -> Result<(), Vec<Violation>> {
        while let Some(process) = self.programs.asking.pop() {
            process.script.calm();
            self.lets_ask(process).await?;
        }
        Ok(())
    }

    async fn lets_ask(&mut self, process: Process) -> Result<(), Vec<Violation>> {
        let (done, waits): (Done, _) = self.comes_as_far_as_it_may(process).await;
        self.programs.asking.extend(waits);
        self.is_done(done).await
    }

    /// Asks for the first time, or again; now and then although it has an answer.
    async fn ask_under_a_key(&mut self) -> Process {
        let now = self.shop.clock.now();
        let again = if self.programs.dice.chance(65) { self.programs.asks_again(now) } else { None };
        let at = match again {
            Some(at) => at,
            None => self.new_program().await,
        };
        let (shop, cart) = (self.shop.clone(), self.programs.all[at].cart);
        let body = json!({ "variant_id": self.variants[3], "quantity": 1 }).to_string();
        let script = Script::new(fork(&mut self.programs.dice), false);
        Process::new("ask under a key", script, async move {
            let request = Request::post(format!("/api/carts/{cart}/items"))
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", "only")
                .body(Body::from(body))
                .expect("a request is made of what it is made of");
            // Without the guard around it, which has requests in tasks of their own: they would outlive a process.
            let (routes, _) = table(&shop).finish();
            let answer = routes.with_state(shop).oneshot(request).await.unwrap_or_else(|never| match never {});
            let status = answer.status().as_u16();
            let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("an answer ends");
            let text = String::from_utf8(bytes.to_vec()).expect("answers are text");
            then(move |world| world.is_told(at, status, text))
        })
    }

    async fn new_program(&mut self) -> usize {
        let cart = cart::create(&self.shop).await.expect("the database answers").cart.id;
        self.changed();
        self.programs.all.push(Program { cart, began: self.shop.clock.now(), answer: None, has_it: false });
        self.programs.all.len() - 1
    }

    fn is_told(&mut self, at: usize, status: u16, text: String) -> &'static str {
        let code =
            serde_json::from_str::<Value>(&text).ok().and_then(|answer| Some(answer["code"].as_str()?.to_owned()));
        let program = &mut self.programs.all[at];
        match (status, code.as_deref()) {
            (409, Some("idempotency_key_running")) => return "still running",
            (409, Some("idempotency_key_lost")) => {
                program.has_it = true;
                return "was done";
            }
            (500.., _) => {
                self.found.push(violation("nothing_fails_inside", format!("ask under a key: {text}")));
                return "fails";
            }
            _ => {}
        }
        let is_first = program.answer.is_none();
        let given = program.answer.get_or_insert_with(|| (status, text.clone()));
        program.has_it = given.0 == 200;
        if *given != (status, text.clone()) {
            let both = format!("{}: {} and {text}", program.cart, given.1);
            self.found.push(violation("one_key_has_one_answer", both));
        }
        match (status, is_first) {
            (200, true) => "done",
            (_, true) => "refused",
            _ => "answered again",
        }
    }
}
