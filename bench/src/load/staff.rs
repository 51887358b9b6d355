//! A member of staff, who counts what is on the shelf.

use clap::Args;
use hyper::Method;
use serde_json::{Value, json};

use super::wire::{Place, Wire};
use crate::Failure;

/// A member of staff and their password.
#[derive(Args, Clone)]
pub struct SignIn {
    /// A member of staff, for what only staff may do
    #[arg(long, requires = "password")]
    email: Option<String>,
    /// Their password
    #[arg(long, requires = "email")]
    password: Option<String>,
}

/// Somebody who has signed in.
pub struct Staff(Wire);

/// What lies on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// What is there.
    pub on_hand: i64,
    /// What of it is held for checkouts.
    pub reserved: i64,
}

impl Staff {
    /// Signs in.
    pub async fn sign_in(place: &Place, who: &SignIn) -> Result<Self, Failure> {
        let (Some(email), Some(password)) = (&who.email, &who.password) else {
            return Err("only staff may set stock: say --email and --password".into());
        };
        let login = json!({ "email": email, "password": password });
        let tokens = ask(&mut Wire::new(place), Method::POST, "/api/auth/login", Some(login)).await?;
        let token = tokens["access_token"].as_str().ok_or("there is no token in the answer to the login")?;
        Ok(Staff(Wire::new(place).with_bearer(token)?))
    }

    /// Counts a variant: so many are there.
    pub async fn set_stock(&mut self, variant: &str, on_hand: i64) -> Result<(), Failure> {
        let count = json!([{ "variant_id": variant, "on_hand": on_hand }]);
        ask(&mut self.0, Method::POST, "/api/admin/inventory/bulk", Some(count)).await.map(drop)
    }

    /// What lies there of a SKU.
    pub async fn shelf(&mut self, sku: &str) -> Result<Shelf, Failure> {
        let found = ask(&mut self.0, Method::GET, &format!("/api/admin/inventory?q={sku}"), None).await?;
        let lines = found["items"].as_array().into_iter().flatten();
        let line = lines.into_iter().find(|line| line["sku"] == sku).ok_or_else(|| format!("{sku} is not there"))?;
        let number = |name: &str| line[name].as_i64().ok_or_else(|| format!("the stock of {sku} has no {name}"));
        Ok(Shelf { on_hand: number("on_hand")?, reserved: number("reserved")? })
    }
}

impl Staff {
    /// Has something done that is not refused.
    pub async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        ask(&mut self.0, method, path, body).await
    }
}

async fn ask(wire: &mut Wire, method: Method, path: &str, body: Option<Value>) -> Result<Value, Failure> {
    let answer = wire.send(method, path, body.as_ref()).await?;
    if !(200..300).contains(&answer.status) {
        return Err(format!("{path} answers {}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
    }
    Ok(serde_json::from_slice(&answer.body)?)
}
