//! The three engines, and the few words in which their SQL differs.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
    Mysql,
}

impl Engine {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    pub fn of_url(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" | "mariadb" => Some(Self::Mysql),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }

    /// SQL as the engine reads it: `?` becomes `$n` on PostgreSQL; `{lock}` holds the row until the unit ends,
    /// `{skip}` does so too and passes over rows that another holds. SQLite has one writer and needs neither.
    pub fn render(self, text: &str) -> String {
        let (lock, skip) = match self {
            Self::Sqlite => ("", ""),
            Self::Postgres | Self::Mysql => ("FOR UPDATE", "FOR UPDATE SKIP LOCKED"),
        };
        let text = text.replace("{lock}", lock).replace("{skip}", skip);
        if self != Self::Postgres {
            return text;
        }
        let mut rendered = String::with_capacity(text.len() + 16);
        let mut parts = text.split('?');
        rendered.push_str(parts.next().unwrap_or_default());
        for (i, part) in parts.enumerate() {
            rendered.push('$');
            rendered.push_str(&(i + 1).to_string());
            rendered.push_str(part);
        }
        rendered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_reads_its_own_words() {
        let text = "SELECT id FROM t WHERE a = ? AND b > ? {skip}";
        assert_eq!(Engine::Sqlite.render(text), "SELECT id FROM t WHERE a = ? AND b > ? ");
        assert_eq!(
            Engine::Postgres.render(text),
            "SELECT id FROM t WHERE a = $1 AND b > $2 FOR UPDATE SKIP LOCKED"
        );
        assert_eq!(
            Engine::Mysql.render(text),
            "SELECT id FROM t WHERE a = ? AND b > ? FOR UPDATE SKIP LOCKED"
        );
    }
}
