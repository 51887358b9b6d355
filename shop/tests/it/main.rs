//! The whole shop under test: real SQLite and real PostgreSQL, real HTTP, a real browser, the real program.

mod app;
mod builders;
mod buyer;
mod chromium;
mod elsewhere;
mod guard;
mod html;
mod postgres;
mod visitor;

mod access;
mod bad_input;
mod browse;
mod browser;
mod cart;
mod commands;
mod contract;
mod crash;
mod expiry;
mod hangups;
mod idempotency;
mod import;
mod inventory;
mod money;
mod order_list;
mod orders;
mod pages;
mod race;
mod sale;
mod serving;
mod speed;
mod staff;
mod starting;
mod store;
mod tidy;
mod verify;
