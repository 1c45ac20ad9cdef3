//! `.env` as Keeper reads it; the page of the import says the same in words. One `NAME=value` a line:
//! - blank lines and lines that begin with `#` are passed over, `export ` before a name too;
//! - bare: up to the end of the line without the blanks at its end; a `#` after a blank begins a comment; nothing else is special;
//! - `'single'`: as it stands, over several lines if need be;
//! - `"double"`: the same, and `\n` `\r` `\t` `\"` `\\` `\$` and `\u0041` are read, every other `\` is a mistake;
//! - behind a closing quote only a comment may follow. Nothing is substituted: `$` is a letter like any other.
use super::row::Row;
use crate::domain::plaintext::Plaintext;
use crate::kit::table::At;

/// What is left of the text, and the line it begins in.
struct Rest<'a> {
    text: &'a str,
    line: usize,
}

pub fn read(text: &str, most: usize) -> Vec<Row> {
    let mut rest = Rest { text, line: 1 };
    let mut rows = Vec::new();
    while !rest.text.is_empty() && rows.len() <= most {
        rest.text = rest.text.trim_start_matches([' ', '\t', '\r']);
        match rest.text.chars().next() {
            None => break,
            Some('\n' | '#') => rest.skip_line(),
            Some(_) => rows.push(rest.row()),
        }
    }
    rows
}

impl<'a> Rest<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.text.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.text = rest;
        taken
    }

    fn skip_line(&mut self) {
        let end = self.text.find('\n').map_or(self.text.len(), |end| end + 1);
        self.take(end);
    }

    /// The rest of this line, without its end.
    fn line(&mut self) -> &'a str {
        let end = self.text.find('\n').unwrap_or(self.text.len());
        let line = self.take(end);
        self.skip_line();
        line.strip_suffix('\r').unwrap_or(line)
    }

    fn row(&mut self) -> Row {
        let at = At::Line(self.line);
        let end = self.text.find(['=', '\n']).unwrap_or(self.text.len());
        let name = self.take(end).trim_matches([' ', '\t', '\r']);
        if !self.text.starts_with('=') {
            self.skip_line();
            return Row::failing(at, "", "is no NAME=value: a value of several lines stands in quotes");
        }
        self.take(1);
        let name = name.strip_prefix("export").filter(|n| n.starts_with([' ', '\t'])).unwrap_or(name);
        let mut row = Row::new(at);
        name.trim().clone_into(&mut row.input.name);
        let blanks = self.text.len() - self.text.trim_start_matches([' ', '\t']).len();
        let value = match self.text.as_bytes().get(blanks) {
            Some(b'\'') => self.quoted(blanks, single),
            Some(b'"') => self.quoted(blanks, double),
            _ => Ok(bare(self.line()).as_bytes().to_vec()),
        };
        match value {
            Ok(value) => row.input.value = Some(Plaintext::new(value)),
            Err(problem) => row.problems.add("value", problem),
        }
        row
    }

    /// `end` gives the value and how long it is with its closing quote; both quotes are one byte.
    fn quoted(&mut self, blanks: usize, end: fn(&str) -> Quoted) -> Result<Vec<u8>, &'static str> {
        self.take(blanks + 1);
        let quoted = end(self.text);
        let Some(length) = quoted.length else {
            self.take(self.text.len());
            return Err("begins with a quote that is never closed: what follows could not be read");
        };
        self.take(length);
        let behind = self.line().trim_start_matches([' ', '\t']);
        if !behind.is_empty() && !behind.starts_with('#') {
            return Err("has something behind its closing quote: put a \\ before a quote that belongs to it");
        }
        quoted.value
    }
}

struct Quoted {
    value: Result<Vec<u8>, &'static str>,
    length: Option<usize>,
}

fn single(text: &str) -> Quoted {
    let end = text.find('\'');
    Quoted { value: Ok(text.as_bytes()[..end.unwrap_or(0)].to_vec()), length: end.map(|end| end + 1) }
}

fn double(text: &str) -> Quoted {
    let mut value = Vec::new();
    let mut problem = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '"' {
            return Quoted { value: problem.map_or(Ok(value), Err), length: Some(at + 1) };
        }
        let letter = if c == '\\' { escaped(text, &mut chars) } else { Some(c) };
        match letter {
            Some(letter) => value.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            None => {
                problem =
                    Some("holds a \\ that means nothing: known are \\n \\r \\t \\\" \\\\ \\$ and \\u0041");
            }
        }
    }
    Quoted { value: Ok(value), length: None }
}

fn escaped(text: &str, chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    match chars.next()?.1 {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        c @ ('"' | '\\' | '$') => Some(c),
        'u' => {
            let hex = text.get(chars.offset()..chars.offset() + 4)?;
            let hex = Some(hex).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let letter = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
            chars.nth(3);
            Some(letter)
        }
        _ => None,
    }
}

/// `NAME=#5` is a value: only behind a blank does a comment begin.
fn bare(line: &str) -> &str {
    let mut hashes = line.match_indices('#').map(|(at, _)| at);
    let comment = hashes.find(|at| line[..*at].ends_with([' ', '\t']));
    line[..comment.unwrap_or(line.len())].trim_matches([' ', '\t'])
}
