//! Who may ask for what: every route of the table, asked by everybody there is, compared with a file that people read.

use std::fmt::Write as _;

use oxcart::routes;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::app::{Engine, TestApp, both_engines};
use crate::buyer::client;
use crate::staff::{ADMIN, SUPER_ADMIN, Staff};

both_engines!(every_route_lets_in_whom_the_table_says);

/// The matrix as it was agreed on.
const AGREED: &str = include_str!("access.txt");

/// What a caller gets at the door of a route.
fn verdict(status: StatusCode, location: &str) -> &'static str {
    match status.as_u16() {
        303 if location.starts_with("/admin/sign-in") => "sign-in",
        401 => "401",
        403 => "403",
        // Whatever it says then, it was not the door that said it.
        _ => "in",
    }
}

/// A concrete address of a route: parameters that lead nowhere.
fn address(path: &str) -> String {
    let part = |part: &str| match part {
        _ if part.starts_with("{*") => "nothing.css".to_owned(),
        _ if part.starts_with('{') => "019369d0-7c00-7000-8000-00000000dead".to_owned(),
        _ => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn every_route_lets_in_whom_the_table_says(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let door = client().redirect(reqwest::redirect::Policy::none()).build().expect("a client without files");
    let (admin, super_admin) = (Staff::hire(&shop, ADMIN).await, Staff::hire(&shop, SUPER_ADMIN).await);
    let (admin, super_admin) = (Some(admin.token), Some(super_admin.token));
    let mut table = String::new();
    for row in routes::table(&shop.app).rows() {
        let mut verdicts = vec![];
        for (role, token) in [(None, &None), (Some(ADMIN), &admin), (Some(SUPER_ADMIN), &super_admin)] {
            // Who signs out is not used again.
            let token = match role {
                Some(role) if row.path.ends_with("out") => Some(Staff::hire(&shop, role).await.token),
                _ => token.clone(),
            };
            let method = Method::from_bytes(row.method.as_bytes()).expect("a method");
            let mut request = door.request(method, format!("{}{}", shop.url, address(row.path)));
            if row.method != "GET" {
                request = request.json(&json!({ "unknown": true }));
            }
            if let Some(token) = &token {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.expect("the shop answers");
            let location = response.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
            verdicts.push(verdict(response.status(), location));
        }
        writeln!(table, "{:<6} {:<60} {:<8} {:<8} {}", row.method, row.path, verdicts[0], verdicts[1], verdicts[2])
            .expect("a string can be written");
    }
    let mut lines: Vec<&str> = table.lines().collect();
    lines.sort_by_key(|line| (line.split_whitespace().nth(1).map(str::to_owned), *line));
    let found = format!(
        "{:<6} {:<60} {:<8} {:<8} {}\n{}\n",
        "method",
        "route",
        "anyone",
        "admin",
        "super_admin",
        lines.join("\n")
    );
    if found != AGREED {
        let path = std::env::temp_dir().join("oxcart-access.txt");
        std::fs::write(&path, &found).expect("the temporary folder can be written");
        let differs = |line: &&str| !AGREED.lines().any(|agreed| agreed == *line);
        let new: Vec<&str> = found.lines().filter(differs).collect();
        let gone: Vec<&str> = AGREED.lines().filter(|line| !found.lines().any(|own| own == *line)).collect();
        panic!(
            "the routes and shop/tests/it/access.txt differ; if the routes are right, take {}\nnot in the file:\n{}\nonly in the file:\n{}",
            path.display(),
            new.join("\n"),
            gone.join("\n")
        );
    }
}
