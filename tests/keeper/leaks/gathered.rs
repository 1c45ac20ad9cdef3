//! Marked texts that lie in the backends already: taken over, held without an answer, asked of a server that repeats what it hears, and
//! put over a copy of Keeper's, which a comparison finds.
use super::doors::CONTROL;
use super::hunt::Marks;
use super::person::Person;
use crate::support::others::{gathering, put_in_vault};
use crate::support::site::Answer;
use serde_json::json;
use std::time::{Duration, Instant};

pub struct Gathered<'a> {
    pub admin: &'a Person,
    pub marks: &'a Marks,
    pub environment: i64,
}

impl Gathered<'_> {
    async fn ask(&self, environment: i64, backend: &str, folder: &str) -> Answer {
        let environment = environment.to_string();
        self.admin.get("/secrets/import/backend").await;
        let fields = gathering(&environment, backend, folder)
            .map(|(name, value)| (name, if name == "fields" { "apart" } else { value }));
        self.admin.post("/secrets/import/backend", &fields).await
    }

    /// `base`: the environment's own folder. Gives the value that is Keeper's now, under `leaks/from_tree`.
    pub async fn taken(&self, base: &str, hostile: i64) -> String {
        let (value, deep) = (self.marks.value("tree"), self.marks.value("tree-deep"));
        put_in_vault(&format!("{base}/leaks/from_tree"), json!({ "value": value })).await;
        let held = self.ask(self.environment, "vault", &format!("{base}/leaks")).await;
        assert_eq!(held.status, 303, "{}", held.body);
        let page = self.admin.get(held.location()).await;
        let fields = [("seen", page.hidden("seen")), ("reason", CONTROL)];
        assert_eq!(self.admin.post(held.location(), &fields).await.status, 303);
        self.admin.get(held.location()).await;
        // Held, and nobody answers.
        put_in_vault(&format!("{base}/old/many"), json!({ "user": deep, "password": deep })).await;
        let left = self.ask(self.environment, "vault", &format!("{base}/old")).await;
        assert_eq!(left.status, 303, "{}", left.body);
        self.admin.get(left.location()).await;
        for backend in ["vault", "aws"] {
            assert_eq!(self.ask(hostile, backend, base).await.status, 422);
        }
        value
    }

    /// Somebody puts another value over a copy.
    pub async fn compared(&self, base: &str) {
        let meddled = self.marks.value("meddled");
        put_in_vault(&format!("{base}/leaks/planted"), json!({ "value": meddled })).await;
        let home = format!("/environments/{}", self.environment);
        self.admin.get(&format!("{home}/copies")).await;
        assert_eq!(self.admin.post(&format!("{home}/compare"), &[("whole", "true")]).await.status, 303);
        let begun = Instant::now();
        while !self.admin.get(&format!("{home}/copies")).await.body.contains(", ended ") {
            assert!(begun.elapsed() < Duration::from_mins(1), "the comparison does not end");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let page = self.admin.get(&format!("{home}/copies")).await.body;
        assert!(page.contains("planted") && page.contains("Decide…"), "{page}");
    }
}
