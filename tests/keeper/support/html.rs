//! A page as a browser reads it: the forms that it holds, with what would be sent if nobody touched them.
use html5gum::{StartTag, Token, Tokenizer};

#[derive(Debug, Clone)]
pub struct Form {
    pub method: String,
    pub action: String,
    pub in_parts: bool,
    pub fields: Vec<Field>,
}

/// All controls of one name: a group of radio buttons is one field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    pub name: String,
    /// The `type` of an input, or `textarea`, `select`, `submit`.
    pub kind: String,
    /// What is sent if nobody touches it; a tick that is off sends nothing.
    pub values: Vec<String>,
    /// What one may choose from.
    pub choices: Vec<String>,
    pub longest: Option<usize>,
}

impl Field {
    /// Whether somebody sees it, and so can be told what is wrong with it.
    pub fn is_seen(&self) -> bool {
        !matches!(self.kind.as_str(), "hidden" | "submit")
    }

    pub fn is_text(&self) -> bool {
        self.is_seen() && self.choices.is_empty() && self.kind != "file"
    }
}

pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let (mut is_open, mut textarea) = (false, None::<String>);
    for Ok(token) in Tokenizer::new(page) {
        match token {
            Token::StartTag(tag) if is(&tag, "form") => {
                let method = attribute(&tag, "method").unwrap_or_else(|| "get".into()).to_uppercase();
                let in_parts = attribute(&tag, "enctype").is_some_and(|kind| kind == "multipart/form-data");
                let action = attribute(&tag, "action").unwrap_or_default();
                forms.push(Form { method, action, in_parts, fields: Vec::new() });
                is_open = true;
            }
            Token::StartTag(tag) if is_open => {
                if is(&tag, "textarea") {
                    textarea = Some(String::new());
                }
                if let Some(form) = forms.last_mut() {
                    control(form, &tag);
                }
            }
            Token::String(text) => {
                if let Some(typed) = &mut textarea {
                    typed.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"form" => is_open = false,
                b"textarea" => {
                    let field = forms.last_mut().and_then(|form| form.fields.last_mut());
                    if let (Some(typed), Some(field)) = (textarea.take(), field) {
                        // The first line end after the tag is none of the text's (HTML, 13.1.2.6).
                        field.values = vec![typed.strip_prefix('\n').unwrap_or(&typed).to_owned()];
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    forms
}

fn control(form: &mut Form, tag: &StartTag<()>) {
    let value = attribute(tag, "value");
    if is(tag, "option") {
        let Some(field) = form.fields.last_mut() else { return };
        let value = value.unwrap_or_default();
        // The first one is chosen until another says that it is.
        if field.choices.is_empty() || attribute(tag, "selected").is_some() {
            field.values = vec![value.clone()];
        }
        field.choices.push(value);
        return;
    }
    let kind = match tag.name.as_slice() {
        b"textarea" => "textarea".to_owned(),
        b"select" => "select".to_owned(),
        b"button" => "submit".to_owned(),
        b"input" => attribute(tag, "type").unwrap_or_else(|| "text".into()),
        _ => return,
    };
    let Some(name) = attribute(tag, "name").filter(|_| attribute(tag, "disabled").is_none()) else { return };
    let is_choice = matches!(kind.as_str(), "radio" | "checkbox" | "submit");
    let at = form.fields.iter().position(|field| field.name == name).unwrap_or_else(|| {
        let longest = attribute(tag, "maxlength").and_then(|text| text.parse().ok());
        form.fields.push(Field { name, kind: kind.clone(), longest, ..Field::default() });
        form.fields.len() - 1
    });
    let field = &mut form.fields[at];
    let is_sent = match kind.as_str() {
        "radio" | "checkbox" => attribute(tag, "checked").is_some(),
        // One button is pressed: the first.
        "submit" => field.choices.is_empty(),
        // What it holds comes after the tag.
        "textarea" | "select" => return,
        _ => true,
    };
    let value =
        value.unwrap_or_else(|| if is_choice && kind != "submit" { "on".into() } else { String::new() });
    if is_choice {
        field.choices.push(value.clone());
    }
    if is_sent {
        field.values.push(value);
    }
}

fn is(tag: &StartTag<()>, name: &str) -> bool {
    tag.name.as_slice() == name.as_bytes()
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

#[test]
fn a_form_is_read_as_a_browser_reads_it() {
    let page = "<form action='/a?b=1&amp;c=2' method=post><input name=t value='&lt;1' maxlength=7><input type=hidden name=h value=2>\
        <input type=radio name=r value=x><input type=radio name=r value=y checked><input type=checkbox name=c>\
        <textarea name=a>\n\n&amp; </textarea><select name=s><option value=1>A<option value=2 selected>B</select>\
        <button name=go value=now>Go</button></form><input name=outside>";
    let forms = forms(page);
    let told = |name: &str| forms[0].fields.iter().find(|field| field.name == name).unwrap().values.clone();
    assert_eq!((forms.len(), forms[0].action.as_str(), forms[0].method.as_str()), (1, "/a?b=1&c=2", "POST"));
    assert_eq!(told("t"), ["<1"]);
    assert_eq!(told("h"), ["2"]);
    assert_eq!(told("r"), ["y"]);
    assert!(told("c").is_empty());
    assert_eq!(told("a"), ["\n& "]);
    assert_eq!(told("s"), ["2"]);
    assert_eq!(told("go"), ["now"]);
    assert_eq!(forms[0].fields.len(), 7);
}
