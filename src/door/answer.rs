//! A handler whose type is forgotten. The router and its layers are compiled anew for each type of handler that they hold: of two
//! hundred, that was half of all that the compiler had to do.
use crate::app::Shared;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use std::pin::Pin;
use std::sync::Arc;

pub type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

#[derive(Clone)]
pub struct Answer(Arc<dyn Fn(Request, Shared) -> Answering + Send + Sync>);

impl Answer {
    /// Of an async function: axum boxes its future already, so that nothing is boxed twice.
    pub fn by<T>(handler: impl Handler<T, Shared, Future = Answering>) -> Self {
        Self(Arc::new(move |request, app| handler.clone().call(request, app)))
    }
}

impl Handler<(), Shared> for Answer {
    type Future = Answering;

    fn call(self, request: Request, app: Shared) -> Answering {
        (self.0)(request, app)
    }
}
