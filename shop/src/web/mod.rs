//! HTTP: parse, call, render. The storefront speaks HTML, the API JSON; both call the same flows.

pub mod access;
pub mod admin;
pub mod api;
pub mod assets;
mod download;
pub mod limits;
pub mod metrics;
pub mod middleware;
pub mod pages;
pub mod params;
pub mod server;
pub mod storefront;
pub mod theme;
pub mod visitor;
