//! The JSON API: parse, call, answer. Its contract is in docs/api.md; `GET /api/openapi.json` is generated from here.

pub mod admin;
pub mod auth;
pub mod body;
pub mod carts;
pub mod catalog;
pub mod checkouts;
pub mod dev;
pub mod documents;
mod facets;
pub mod health;
pub mod idempotency;
pub mod openapi;
pub mod order_document;
pub mod orders;
pub mod problem;
pub mod searches;
pub mod visits;
