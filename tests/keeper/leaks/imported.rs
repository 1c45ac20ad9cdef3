//! Marked texts in files: of each format, chosen and pasted, taken, refused, and held without an answer.
use super::doors::Doors;
use crate::support::site::Answer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

impl Doors<'_> {
    async fn upload(&self, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let environment = self.environment.to_string();
        let shared = [
            ("environment_id", &*environment),
            ("secret_type", "generic"),
            ("secrecy_level", "confidential"),
        ];
        self.person.get("/secrets/import").await;
        self.person.upload("/secrets/import", &[&shared, fields].concat(), file).await
    }

    async fn confirmed(&self, held: &Answer) {
        let preview = held.location();
        let page = self.person.get(preview).await;
        let done = self.person.post(preview, &[("seen", page.hidden("seen")), ("reason", "a test")]).await;
        assert_eq!(done.status, 303, "{}", done.body);
        self.person.get(preview).await;
    }

    /// Names and values of what was imported; and the preview that nobody has confirmed.
    pub async fn imported(&self) -> (Vec<(&'static str, String)>, i64) {
        let value = |door| self.marks.value(door);
        let env = format!("FROM_ENV=\"{}\"\n", value("env").replace('\\', "\\\\").replace('"', "\\\""));
        self.confirmed(&self.upload(&[], ("a.env", env.as_bytes())).await).await;

        let json =
            json!([{ "name": "from_json", "service_name": "leaks", "value": value("json") }]).to_string();
        self.confirmed(&self.upload(&[], ("a.json", json.as_bytes())).await).await;

        let table = csv(&[("from_csv", &value("csv")), ("from_base64", &value("base64"))]);
        self.confirmed(&self.upload(&[], ("a.csv", table.as_bytes())).await).await;

        let pasted = csv(&[("from_pasted", &value("pasted"))]);
        self.confirmed(&self.upload(&[("pasted", &pasted), ("format", "csv")], ("", b"")).await).await;

        self.refused().await;
        let left = self.upload(&[], ("a.env", format!("LEFT={}\n", value("left")).as_bytes())).await.new_id();
        let taken = [
            ("from_json", "json"),
            ("from_csv", "csv"),
            ("from_base64", "base64"),
            ("from_pasted", "pasted"),
        ];
        (taken.into_iter().map(|(name, door)| (name, value(door))).collect(), left)
    }

    async fn refused(&self) {
        let bad = self.marks.value("bad-row");
        for (name, file) in [
            ("a.json", format!("{{\"a\": {bad}")),
            (
                "a.json",
                format!(
                    "[{{\"name\": \"x\", \"value\": {{\"deeper\": \"{}\"}}, ",
                    self.marks.letters("deep")
                ),
            ),
            ("a.csv", format!("name,value\n\"x,{bad}\n")),
            ("a.csv", format!("{bad},value\nx,y\n")),
        ] {
            let told = self.upload(&[], (name, file.as_bytes())).await;
            assert!(matches!(told.status, 303 | 422), "{}: {}", told.status, told.body);
            if told.status == 303 {
                self.person.get(&format!("{}?show=all", told.location())).await;
            }
        }
        // One row is fine, the others are not: all of them are shown, and none goes in.
        let rows =
            csv(&[("fine", &bad), ("bad name", &bad), ("twin", &bad), ("twin", &bad), ("from_env", &bad)]);
        let preview = self
            .upload(&[], ("a.csv", format!("{rows}short,{}\n", self.marks.letters("short")).as_bytes()))
            .await;
        assert_eq!(preview.status, 303, "{}", preview.body);
        let preview = preview.location();
        self.person.get(&format!("{preview}?show=all")).await;
        assert_eq!(self.person.post(preview, &[("seen", "x")]).await.status, 409);
        assert_eq!(self.person.post(&format!("{preview}/discard"), &[]).await.status, 303);
    }
}

/// Values of names that end in `base64` go in that way.
fn csv(rows: &[(&str, &str)]) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["name", "service_name", "value", "value_base64"]).unwrap();
    for (name, value) in rows {
        let (text, encoded) =
            if name.ends_with("base64") { ("", STANDARD.encode(value)) } else { (*value, String::new()) };
        table.write_record([*name, "leaks", text, &encoded]).unwrap();
    }
    String::from_utf8(table.into_inner().unwrap()).unwrap()
}
