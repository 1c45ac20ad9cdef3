//! What a group of an identity provider gives: a role, membership of environments, or both. One line for each:
//! `group = role`, `group = role in environment, environment`, `group = in environment`.
use crate::domain::enums::Role;
use crate::domain::names::Slug;
use crate::domain::rules::Problem;
use std::collections::BTreeSet;

/// More than this is a directory, not a map.
const MOST: usize = 200;
const LONGEST: usize = 255;

/// As it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub group: String,
    pub role: Option<Role>,
    pub doors: Vec<Door>,
}

/// An environment that members of the group are members of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub environment_id: i64,
    pub name: String,
}

/// As somebody wrote it: environments by their names, which may not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupWish {
    pub group: String,
    pub role: Option<Role>,
    pub doors: Vec<Slug>,
}

/// Each line, or what is wrong with the first that cannot be read.
pub(super) fn parse(text: &str) -> Result<Vec<GroupWish>, Problem> {
    let mut wishes: Vec<GroupWish> = Vec::new();
    for (at, raw) in text.lines().enumerate().filter(|(_, raw)| !raw.trim().is_empty()) {
        let wish = line(raw.trim()).map_err(|why| Problem::new(format!("line {}: {why}", at + 1)))?;
        if wishes.iter().any(|one| one.group == wish.group) {
            return Err(Problem::new(format!("line {}: the group stands here twice", at + 1)));
        }
        wishes.push(wish);
    }
    if wishes.len() > MOST {
        return Err(Problem::new(format!("has more than {MOST} groups")));
    }
    Ok(wishes)
}

/// Names of groups may hold anything, `=` and commas too (`CN=ops,OU=x`): the last `=` divides.
fn line(raw: &str) -> Result<GroupWish, String> {
    let form = "must be of the form: group = role in environment, environment";
    let (group, gives) = raw.rsplit_once('=').ok_or(form)?;
    let group = group.trim();
    if group.is_empty() || group.chars().count() > LONGEST || group.chars().any(char::is_control) {
        return Err(format!("the group’s name must have 1 to {LONGEST} characters"));
    }
    let (words, list) = match gives.trim().split_once("in ") {
        Some((before, list)) if before.is_empty() || before.ends_with(' ') => (before.trim(), Some(list)),
        _ => (gives.trim(), None),
    };
    let role = match words {
        "" => None,
        word => Some(word.parse::<Role>().map_err(|e| format!("the role {e}"))?),
    };
    let mut doors = Vec::new();
    for name in list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let slug = Slug::parse(name).map_err(|e| format!("the environment {name:?}: {e}"))?;
        if !doors.contains(&slug) {
            doors.push(slug);
        }
    }
    if role.is_none() && doors.is_empty() || list.is_some() && doors.is_empty() {
        return Err(form.to_owned());
    }
    Ok(GroupWish { group: group.to_owned(), role, doors })
}

impl Grant {
    /// As it is written in a form.
    pub fn line(&self) -> String {
        let role = self.role.map_or("", Role::as_str);
        if self.doors.is_empty() {
            return format!("{} = {role}", self.group);
        }
        let doors: Vec<&str> = self.doors.iter().map(|door| door.name.as_str()).collect();
        let space = if role.is_empty() { "" } else { " " };
        format!("{} = {role}{space}in {}", self.group, doors.join(", "))
    }
}

/// The highest role that one of these groups gives; by default none.
pub(super) fn role_of<'a>(grants: &[Grant], groups: impl Iterator<Item = &'a str>) -> Option<Role> {
    groups.filter_map(|group| grants.iter().filter(|g| g.group == group).filter_map(|g| g.role).max()).max()
}

/// The environments that these groups open.
pub(super) fn doors_of<'a>(grants: &[Grant], groups: impl Iterator<Item = &'a str>) -> BTreeSet<i64> {
    let of_group = |group: &'a str| grants.iter().filter(move |g| g.group == group);
    groups.flat_map(of_group).flat_map(|g| g.doors.iter().map(|door| door.environment_id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(text: &str) -> Grant {
        let wish = line(text).unwrap();
        let doors = wish.doors.iter().zip(1..);
        let doors = doors.map(|(slug, environment_id)| Door { environment_id, name: slug.to_string() });
        Grant { doors: doors.collect(), group: wish.group, role: wish.role }
    }

    #[test] // S38
    fn a_line_gives_a_role_or_doors_or_both_and_is_written_as_it_was_read() {
        for text in [
            "staff = user",
            "CN=ops,OU=x = admin",
            "pay = manager in payments, payments-staging",
            "in = in production",
            "a = b = in c",
            "main = user in main",
        ] {
            assert_eq!(grant(text).line(), text);
        }
        assert_eq!(grant("x=in a").role, None);
        assert_eq!(grant("x = user in a,a , b").doors.len(), 2);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_with_its_number() {
        for (text, word) in [
            ("a", "form"),
            ("= user", "1 to 255"),
            ("a = boss", "admin"),
            ("a =", "form"),
            ("a = in", "role"),
            ("a = user in ", "role"),
            ("a = user in b c!", "environment"),
            ("a = user\na = admin", "twice"),
        ] {
            let error = parse(&format!("x = user\n\n{text}")).unwrap_err().to_string();
            assert!(error.starts_with("line ") && error.contains(word), "{text}: {error}");
        }
        assert!(parse(&(0..201).map(|n| format!("g{n} = user")).collect::<Vec<_>>().join("\n")).is_err());
    }

    #[test] // S38
    fn the_highest_role_of_the_mapped_groups_wins_and_no_group_gives_none() {
        let grants: Vec<Grant> =
            ["staff = user", "CN=ops,OU=x = admin", "lead = manager", "pay = in p"].map(grant).into();
        assert_eq!(role_of(&grants, ["staff", "lead"].into_iter()), Some(Role::Manager));
        assert_eq!(role_of(&grants, ["staff", "CN=ops,OU=x"].into_iter()), Some(Role::Admin));
        assert_eq!(role_of(&grants, ["Staff", "other", "", "pay"].into_iter()), None);
        assert_eq!(doors_of(&grants, ["staff", "pay"].into_iter()), BTreeSet::from([1]));
    }
}
