//! The three formats: every value comes out as it went in, and every mistake is told with its place and without the value.
use super::format::{Format, MOST_ROWS};
use super::read::{Defaults, check, rows, text};
use super::tree::{self, Fate, Leaf, LeftOut, Origin};
use crate::domain::enums::{SecrecyLevel, SecretType};
use crate::domain::error::Error;
use crate::domain::plaintext::Plaintext;
use crate::kit::clock::Utc;
use crate::kit::table::At;
use proptest::prelude::*;

const CANARY: &str = "canary-in-a-value";

/// The rows that are right, and the others.
type Rows = (Vec<(String, Vec<u8>)>, Vec<(At, String)>);

/// Names and values of the rows that are right, and where and why the others are not.
fn read(format: Format, file: &[u8]) -> Result<Rows, String> {
    let told = |e: Error| match e {
        Error::Invalid(fields) => fields.of("file").join("; "),
        other => panic!("{other:?}"),
    };
    let file = Plaintext::new(file.to_vec());
    let rows = rows(format, text(&file).map_err(told)?).map_err(told)?;
    let defaults = Defaults { secret_type: SecretType::Generic, secrecy_level: SecrecyLevel::Internal };
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (row, secret) in check(rows, 1, defaults, Utc::from_unix(1_800_000_000).unwrap()) {
        match secret {
            Some(secret) => good.push((row.name, secret.value.typed().unwrap().expose().to_vec())),
            None => bad.push((row.at, format!("{:?}", row.problems))),
        }
    }
    Ok((good, bad))
}

fn good(format: Format, file: &str) -> Vec<(String, String)> {
    let (good, bad) = read(format, file.as_bytes()).unwrap();
    assert!(bad.is_empty(), "{bad:?}");
    good.into_iter().map(|(name, value)| (name, String::from_utf8(value).unwrap())).collect()
}

#[test]
fn an_env_file_is_read_as_the_page_says() {
    let file = "\u{feff}# a comment\r\n\r\nexport A=plain  \r\nB = 'it is $HOME \\n # no comment' # a comment\nC=\"two\\nlines \\\"q\\\" \\\\ \\$ \\u0041\"\n\
        D=pass#word # comment\nE=#5\nF='first\r\nsecond'\n\texport=x\nG=a=b=c\nH=\"# in\"#x\n# last";
    let expected = [
        ("a", "plain"),
        ("b", "it is $HOME \\n # no comment"),
        ("c", "two\nlines \"q\" \\ $ A"),
        ("d", "pass#word"),
        ("e", "#5"),
        ("f", "first\r\nsecond"),
        ("export", "x"),
        ("g", "a=b=c"),
        ("h", "# in"),
    ];
    let expected: Vec<_> = expected.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    assert_eq!(good(Format::Env, file), expected);
}

#[test]
fn a_mistake_in_an_env_file_is_told_by_its_line() {
    for (file, line, words) in [
        ("A=1\nno pair here", 2, "NAME=value"),
        ("A=1\n\nB='open\nC=2", 3, "never closed"),
        ("A=\"a\\qb\"\n", 1, "means nothing"),
        ("A='it's'\n", 1, "behind its closing quote"),
        ("A=\"\\u00\"", 1, "means nothing"),
        ("A=\"\\uD800\"", 1, "means nothing"),
        ("A=\"\\u+041\"", 1, "means nothing"),
        ("A=", 1, "at least 1 byte"),
        ("A B=x", 1, "Invalid name format"),
        ("=x", 1, "name"),
        ("A=x\nB=\"y", 2, "never closed"),
    ] {
        let (_, bad) = read(Format::Env, file.as_bytes()).unwrap();
        assert_eq!(bad.len(), 1, "{file:?}: {bad:?}");
        assert!(bad[0].0 == At::Line(line) && bad[0].1.contains(words), "{file:?}: {bad:?}");
    }
}

#[test]
fn json_is_read_as_an_object_or_as_a_list() {
    let object = good(Format::Json, r#"{"DB-Pass": " keep \r\n\u0000\ud83d\ude00 ", "b": "=1+1"}"#);
    assert_eq!(object[0], ("db-pass".to_owned(), " keep \r\n\0\u{1f600} ".to_owned()));
    let list = r#"[{"name": "a", "value": "1", "tags": {"team": "pay"}, "rotation_interval_days": 30, "auto_rotate": true, "expires_at": null},
        {"name": "b", "value_base64": "/wA="}]"#;
    let (rows, bad) = read(Format::Json, list.as_bytes()).unwrap();
    assert!(bad.is_empty() && rows[1].1 == [255, 0], "{bad:?}");
}

#[test] // S92: what means harm is told in a sentence, at once, and without what it holds.
fn hostile_json_is_told_and_never_repeated() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let number = format!("[{{\"name\": \"a\", \"value\": 1e{}}}]", "9".repeat(400));
    for (file, words) in [
        (deep.as_str(), "nested deeper than 8"),
        ("[1e999999999]", "line 1"),
        (&number, "line 1"),
        ("{\"a\": \"canary-in-a-value\"", "line 1, column"),
        ("[{\"name\": canary-in-a-value}]", "line 1, column"),
        ("\"canary-in-a-value\"", "must be a list"),
        ("[] []", "line 1"),
        ("[]", "no row"),
        ("{}", "no row"),
        ("{\"a\": \"\\ud800\"}", "line 1"),
    ] {
        let told = read(Format::Json, file.as_bytes()).unwrap_err();
        assert!(told.contains(words) && !told.contains(CANARY), "{told}");
    }
    let rows = r#"[{"name":"a","value":5},{"name":"b","value":["canary-in-a-value"]},{"name":"c","name":"d","value":"x"},
        {"name":"e","value":"x","id":7},{"value":"canary-in-a-value"},["canary-in-a-value"],{"name":"f","value":"x","value_base64":"eA=="},
        {"name":"g","value_base64":"canary-in-a-value!"},{"name":"h","value":"x","tags":{"a":{"b":"c"}}},{"name":"i","value":"x","auto_rotate":"yes"},
        {"name":"j","value":"x","secret_type":"canary-in-a-value"},{"name":{"x":{"y":1}},"value":"x"}]"#;
    let (good, bad) = read(Format::Json, rows.as_bytes()).unwrap();
    assert!(good.is_empty() && bad.len() == 12, "{good:?} {bad:?}");
    for (n, words) in [
        "in quotes",
        "in quotes",
        "twice",
        "does not know",
        "name",
        "must be an object",
        "keep one",
        "base64",
        "texts in quotes",
        "true or false",
        "one of password",
        "in quotes",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(
            bad[n].0 == At::Row(n + 1) && bad[n].1.contains(words) && !bad[n].1.contains(CANARY),
            "{:?}",
            bad[n]
        );
    }
}

#[test]
fn csv_is_read_by_its_head() {
    let file =
        "Name;VALUE;tags\r\na;\" kept \"\"q\"\"\r\nline \";\"{\"\"team\"\":\"\"pay\"\"}\"\r\nb;=1+1;\r\n";
    let rows = good(Format::Csv, file);
    assert_eq!(
        rows,
        [("a".to_owned(), " kept \"q\"\r\nline ".to_owned()), ("b".to_owned(), "=1+1".to_owned())]
    );
    for (file, words) in [
        ("a,b\nc,d", "column 1"),
        ("name\nx", "at least the columns"),
        ("name,value,name\n", "twice"),
        ("name,value,id\n", "column 3"),
        ("name,value\na,\"canary-in-a-value", "never closed"),
        ("name,value\n", "no row"),
    ] {
        let told = read(Format::Csv, file.as_bytes()).unwrap_err();
        assert!(told.contains(words) && !told.contains(CANARY), "{file:?}: {told}");
    }
    let (good, bad) = read(Format::Csv, b"name,value\na,1,canary-in-a-value\nb,2\nc,\n,x\n").unwrap();
    assert_eq!(good.len(), 1);
    assert!(bad[0].0 == At::Line(2) && bad[0].1.contains("3 cells") && !bad[0].1.contains(CANARY), "{bad:?}");
    assert!(bad[1].0 == At::Line(4) && bad[2].0 == At::Line(5), "{bad:?}");
}

#[test]
fn what_is_no_text_and_what_is_too_long_is_told() {
    let cases: [(&[u8], &str); 4] = [
        (b"A=x\nB=\xff", "line 2"),
        (b"\xff\xfeA\0=\0", "line 1"),
        (b" \r\n ", "is empty"),
        (b"# nothing", "no row"),
    ];
    for (file, words) in cases {
        let told = read(Format::Env, file).unwrap_err();
        assert!(told.contains(words), "{told}");
    }
    let many = |n: usize| (0..n).fold(String::new(), |text, n| text + &format!("A{n}=x\n"));
    assert_eq!(read(Format::Env, many(MOST_ROWS).as_bytes()).unwrap().0.len(), MOST_ROWS);
    let json = format!("[{}]", vec!["{}"; MOST_ROWS + 1].join(","));
    let csv = format!("name,value\n{}", "a,b\n".repeat(MOST_ROWS + 1));
    for (format, file) in [(Format::Env, many(MOST_ROWS + 1)), (Format::Json, json), (Format::Csv, csv)] {
        assert!(read(format, file.as_bytes()).unwrap_err().contains("more than 5000 rows"));
    }
    let (_, bad) = read(Format::Env, format!("A={}", "x".repeat(65_537)).as_bytes()).unwrap();
    assert!(bad[0].1.contains("64 KiB"));
}

fn as_env(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    format!("A=\"{escaped}\"\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test] // Values are kept byte for byte: quotes, escapes, line ends, blanks at the edges, NUL, and what begins with `=`.
    fn every_text_comes_out_as_it_went_in(value in "(?s).{1,60}") {
        let json = serde_json::json!([{ "name": "a", "value": value }]).to_string();
        let csv = format!("name,value\na,\"{}\"\n", value.replace('"', "\"\""));
        for (format, file) in [(Format::Env, as_env(&value)), (Format::Json, json), (Format::Csv, csv)] {
            let (rows, bad) = read(format, file.as_bytes()).unwrap();
            prop_assert!(bad.is_empty(), "{:?}", bad);
            prop_assert_eq!(&rows[0].1, value.as_bytes());
        }
        if !value.contains('\'') {
            let (rows, _) = read(Format::Env, format!("A='{value}'").as_bytes()).unwrap();
            prop_assert_eq!(&rows[0].1, value.as_bytes());
        }
    }

    #[test] // S92
    fn no_file_of_any_bytes_breaks_a_parser(file in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\"':,;=\\\\#\r\n a-z0-9]{0,120}") {
        for format in Format::ALL.iter().copied() {
            let _ = read(format, &file);
            let _ = read(format, text.as_bytes());
        }
    }
}

proptest! {
    /// S87: what was read from a backend lies sealed and comes out byte for byte, with its place.
    #[test]
    fn a_tree_comes_out_as_it_went_in(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 1..20)) {
        let leaf = |(n, value): (usize, &Vec<u8>)| Leaf {
            name: format!("s-{n}"),
            service: "a \"service\"".into(),
            origin: Origin { path: format!("a/{n}\u{fc}"), field: (n % 2 == 1).then(|| "f\"".to_owned()), version: n.to_string(), fate: Fate::Adopted },
            value: Plaintext::new(value.clone()),
        };
        let leaves: Vec<Leaf> = values.iter().enumerate().map(leaf).collect();
        let left_out = [LeftOut { path: "b".into(), why: "it was deleted".into() }];
        let held = tree::write(&leaves, &left_out).unwrap();
        let (rows, out) = tree::read(text(&held).unwrap()).unwrap();
        prop_assert_eq!((rows.len(), out.len()), (values.len(), 1));
        for ((row, value), leaf) in rows.iter().zip(&values).zip(&leaves) {
            prop_assert_eq!(row.input.value.as_ref().unwrap().expose(), value.as_slice());
            prop_assert_eq!(row.origin.as_ref(), Some(&leaf.origin));
        }
    }
}
