//! The table of routes as it is written down: sections open to one sort of caller, a line for each route.

use std::collections::HashMap;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use commerce::staff::Role;

use super::Access;
use super::gate::{self, Gate};
use crate::app::Shop;
use crate::web::api::idempotency;
use crate::web::middleware::is_api;

/// A route, as one who checks the rights of callers reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The address, with its parameters in braces.
    pub path: &'static str,
    /// The method.
    pub method: &'static str,
    /// Who may; `None` is everybody.
    pub role: Option<Role>,
}

/// Every route of the shop.
pub struct Table {
    app: Shop,
    router: Router<Shop>,
    rows: Vec<Row>,
    large: HashMap<&'static str, usize>,
}

/// Routes that are open to one sort of caller.
pub struct Section<'t> {
    table: &'t mut Table,
    role: Option<Role>,
}

impl Table {
    /// A shop without routes.
    pub fn new(app: &Shop) -> Self {
        Self { app: app.clone(), router: Router::new(), rows: vec![], large: HashMap::new() }
    }

    /// A section open to a sort of caller.
    pub fn open_to<A: Access>(&mut self, _: A) -> Section<'_> {
        Section { table: self, role: A::ROLE }
    }

    /// The shop.
    pub fn app(&self) -> &Shop {
        &self.app
    }

    /// Every route there is.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The routes, and those of them whose bodies their own gate reads.
    pub fn finish(self) -> (Router<Shop>, HashMap<&'static str, usize>) {
        (self.router, self.large)
    }
}

impl Section<'_> {
    /// A route for GET and HEAD.
    pub fn get<T: 'static>(&mut self, path: &'static str, handler: impl Handler<T, Shop>) -> &mut Self {
        self.add(path, "GET", on(MethodFilter::GET, handler), None)
    }

    /// A route for POST.
    pub fn post<T: 'static>(&mut self, path: &'static str, handler: impl Handler<T, Shop>) -> &mut Self {
        self.add(path, "POST", on(MethodFilter::POST, handler), None)
    }

    /// A route for POST whose body may be larger than anywhere else. Only staff can have one: nothing is read before it
    /// is known who sends it.
    pub fn post_up_to<T: 'static>(
        &mut self,
        path: &'static str,
        most_bytes: usize,
        handler: impl Handler<T, Shop>,
    ) -> &mut Self {
        assert!(self.role.is_some(), "{path}: a large body is read from staff only");
        self.table.large.insert(path, most_bytes);
        self.add(path, "POST", on(MethodFilter::POST, handler), Some(most_bytes))
    }

    /// A route for PUT.
    pub fn put<T: 'static>(&mut self, path: &'static str, handler: impl Handler<T, Shop>) -> &mut Self {
        self.add(path, "PUT", on(MethodFilter::PUT, handler), None)
    }

    /// A route for PATCH.
    pub fn patch<T: 'static>(&mut self, path: &'static str, handler: impl Handler<T, Shop>) -> &mut Self {
        self.add(path, "PATCH", on(MethodFilter::PATCH, handler), None)
    }

    /// A route for DELETE.
    pub fn delete<T: 'static>(&mut self, path: &'static str, handler: impl Handler<T, Shop>) -> &mut Self {
        self.add(path, "DELETE", on(MethodFilter::DELETE, handler), None)
    }

    fn add(
        &mut self,
        path: &'static str,
        method: &'static str,
        mut route: MethodRouter<Shop>,
        most_bytes: Option<usize>,
    ) -> &mut Self {
        let app = &self.table.app;
        if is_api(path) && method == "POST" {
            route = route.route_layer(from_fn_with_state(app.clone(), idempotency::layer));
        }
        if most_bytes.is_some() {
            // The gate has bounded it already.
            route = route.route_layer(DefaultBodyLimit::disable());
        }
        if let Some(role) = self.role {
            // Outermost: nothing of a route for staff runs before it.
            route = route.route_layer(from_fn_with_state(Gate { app: app.clone(), role, most_bytes }, gate::check));
        }
        let router = std::mem::take(&mut self.table.router);
        self.table.router = router.route(path, route);
        self.table.rows.push(Row { path, method, role: self.role });
        self
    }
}
