//! Oxcart: a whole shop in one program.
//!
//! The rules are in the `commerce` crate, pure. This crate is everything that touches the world: [`store`] is the only
//! place with SQL, [`flows`] are the stories that span a transaction or an outside call, [`web`] is HTTP, [`catalog`] is
//! the read side in memory, [`payments`], [`mail`] and [`jobs`] talk to others. See ARCHITECTURE.md.

// What a JSON document or a row holds is said by its name; the types that need a sentence have one.
#![forbid(unsafe_code)]

pub mod app;
pub mod backup;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod counting;
mod csv_cells;
pub mod demo;
pub mod desk;
pub mod error;
pub mod export;
pub mod faults;
pub mod figures;
pub mod files;
pub mod flows;
pub mod import;
pub mod jobs;
pub mod logging;
pub mod mail;
pub mod outside;
pub mod passwords;
pub mod payments;
pub mod pictures;
pub mod routes;
pub mod searches;
pub mod secret;
pub mod settings;
pub mod startup;
pub mod store;
pub mod trade;
pub mod visits;
pub mod web;
