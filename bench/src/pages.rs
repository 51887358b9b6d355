//! Asks every page of the admin as staff see it, and prints what each one says it cost.

use clap::Args;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use crate::Failure;

/// The pages that are asked, one a line.
const PAGES: &str = include_str!("../pages.txt");
/// What a path says where it wants the first record of the list before it.
const FIRST: &str = "{first}";

/// Whom to ask, and how often.
#[derive(Args)]
pub struct Visit {
    /// Where the shop answers
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// A member of staff
    #[arg(long)]
    email: String,
    /// Their password
    #[arg(long)]
    password: String,
    /// How often each page is asked, after once to warm up
    #[arg(long, default_value_t = 30)]
    times: usize,
}

/// What the answers to one page cost.
struct Cost {
    path: &'static str,
    /// Hundredths of a millisecond, in order.
    took: Vec<u64>,
    statements: u64,
    bytes: usize,
}

/// Asks every page and prints the table.
pub async fn run(visit: &Visit) -> Result<(), Failure> {
    let staff = Staff::sign_in(visit).await?;
    println!("| Page | p50 ms | p95 ms | Statements | KiB |\n|---|---:|---:|---:|---:|");
    for path in PAGES.lines().filter(|line| line.starts_with('/')) {
        match staff.cost(path, visit.times).await? {
            Ok(cost) => println!("{}", cost.row()),
            Err(status) => println!("| `{path}` | answers {status} | | | |"),
        }
    }
    Ok(())
}

struct Staff {
    client: Client,
    url: String,
    token: String,
}

impl Staff {
    async fn sign_in(visit: &Visit) -> Result<Self, Failure> {
        let client = Client::builder()
            .tls_backend_preconfigured(oxcart::outside::tls())
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let login = json!({ "email": visit.email, "password": visit.password });
        let answer = client.post(format!("{}/api/auth/login", visit.url)).json(&login).send().await?;
        let tokens: Value = answer.error_for_status()?.json().await?;
        let token = tokens["access_token"].as_str().ok_or("there is no token in the answer to the login")?.to_owned();
        Ok(Self { client, url: visit.url.clone(), token })
    }

    async fn get(&self, path: &str) -> Result<Response, Failure> {
        let request = self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        Ok(request.header("accept", "text/html").send().await?)
    }

    /// What a page costs, or the status that it answers with instead.
    async fn cost(&self, path: &'static str, times: usize) -> Result<Result<Cost, StatusCode>, Failure> {
        let Some(address) = self.address(path).await? else { return Ok(Err(StatusCode::NOT_FOUND)) };
        let mut cost = Cost { path, took: vec![], statements: 0, bytes: 0 };
        for round in 0..=times {
            let answer = self.get(&address).await?;
            if answer.status() != StatusCode::OK {
                return Ok(Err(answer.status()));
            }
            let timing = answer.headers().get("server-timing").and_then(|value| value.to_str().ok());
            let (took, statements) = timing.and_then(read).ok_or(format!("{path} does not say what it cost"))?;
            cost.bytes = answer.bytes().await?.len();
            cost.statements = cost.statements.max(statements);
            // The first one fills caches.
            if round > 0 {
                cost.took.push(took);
            }
        }
        cost.took.sort_unstable();
        Ok(Ok(cost))
    }

    /// The path with the first record of its list in the place of `{first}`.
    async fn address(&self, path: &str) -> Result<Option<String>, Failure> {
        let Some((list, rest)) = path.split_once(FIRST) else { return Ok(Some(path.to_owned())) };
        let page = self.get(list.trim_end_matches('/')).await?.text().await?;
        let ids = page.split(list).skip(1).filter_map(|after| after.get(..36));
        let id = ids.into_iter().find(|id| id.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-'));
        Ok(id.map(|id| format!("{list}{id}{rest}")))
    }
}

impl Cost {
    fn row(&self) -> String {
        let at =
            |percent: usize| self.took.get((self.took.len() * percent / 100).min(self.took.len().saturating_sub(1)));
        let ms = |percent| at(percent).map_or_else(String::new, |took| format!("{}.{}", took / 100, took % 100 / 10));
        let kib = self.bytes.div_ceil(1024);
        format!("| `{}` | {} | {} | {} | {kib} |", self.path, ms(50), ms(95), self.statements)
    }
}

/// Hundredths of a millisecond and statements, out of `app;dur=1.23, db;desc="4 statements"`.
fn read(timing: &str) -> Option<(u64, u64)> {
    let (app, db) = timing.split_once(", ")?;
    let took = app.strip_prefix("app;dur=")?.replace('.', "").parse().ok()?;
    let statements = db.strip_prefix("db;desc=\"")?.split(' ').next()?.parse().ok()?;
    Some((took, statements))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_cost_is_read() {
        assert_eq!(read("app;dur=1.23, db;desc=\"4 statements\""), Some((123, 4)));
        assert_eq!(read("cache;desc=hit"), None);
    }
}
