//! `keeper token …`, as a script calls it.
use crate::support::served::keeper;
use std::path::Path;

/// What stands on standard output, on standard error, and the exit code.
fn run(data: &Path, words: &[&str]) -> (String, String, i32) {
    let output = keeper(data).args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

#[test] // S38: the token alone goes to standard output, so that a script can take it; the rest is told beside.
fn a_script_makes_and_revokes_tokens() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    assert_eq!(run(data, &["user", "add", "ada", "--role", "admin"]).2, 0);
    let (out, told, code) = run(data, &["token", "create", "deploy", "--scope", "secrets:read"]);
    assert!(out.is_empty() && told.contains("--owner USER") && code == 64, "{out} {told} {code}");
    let create =
        ["token", "create", "deploy", "--owner", "ada", "--role", "manager", "--scope", "secrets:read"];
    let (_, told, code) = run(data, &[&create[..], &["--environment", "nowhere"]].concat());
    assert!(told.contains("there is no environment \"nowhere\"") && code == 64, "{told}");
    let (out, told, code) = run(data, &[&create[..], &["--expires", "30"]].concat());
    let token = out.trim_end();
    assert!(
        code == 0 && token.starts_with("kpr_") && token.len() == 42 && out.lines().count() == 1,
        "{out} {told}"
    );
    assert!(told.contains("deploy was made") && told.contains("ends on") && !told.contains(token), "{told}");
    let (out, told, code) =
        run(data, &["token", "create", "deploy", "--former-ends-in", "0", "--output", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(code == 0 && json["account"] == "deploy" && json["token"] != token, "{out} {told}");
    let (_, told, code) = run(data, &["token", "create", "deploy", "--scope", "audit:read"]);
    assert!(code == 64 && told.contains("another --scope"), "{told}");
    assert_eq!(run(data, &create).2, 0, "said again, it is another token");
    let (_, told, code) = run(data, &create);
    assert!(code != 0 && told.contains("two of its tokens"), "{told} {code}");
    let (out, _, _) = run(data, &["token", "list"]);
    assert!(
        out.contains("deploy (manager of ada)")
            && out.contains("scopes: secrets:read")
            && out.matches("token …").count() == 2,
        "{out}"
    );
    let hint = json["hint"].as_str().unwrap();
    assert_eq!(run(data, &["token", "revoke", "deploy", hint]).2, 0);
    assert_eq!(run(data, &["token", "revoke", "deploy", hint]).2, 1, "it has ended");
    assert_eq!(run(data, &["token", "revoke", "deploy", "all"]).2, 0);
    let (out, _, _) = run(data, &["token", "list", "--output", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(
        json[0]["name"] == "deploy"
            && json[0]["tokens"] == serde_json::json!([])
            && json[0]["environments"] == "all",
        "{out}"
    );
    assert_eq!(run(data, &["audit", "verify"]).2, 0);
}
