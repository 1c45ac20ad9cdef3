//! Everything that is stored: each file of the data folder, and each cell of each table, as the bytes that they are.
use super::hunt::Hunt;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection};
use std::path::Path;

pub fn files(hunt: &mut Hunt, when: &str, folder: &Path) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        hunt.look(
            &format!("{when}, {}", path.file_name().unwrap().display()),
            &std::fs::read(&path).unwrap(),
        );
    }
}

/// Table, column, and the expression that gives a cell's bytes.
type Column = (String, String, String);
type Cells = Vec<Option<Vec<u8>>>;

/// The columns are asked of the database itself: a table that is new is searched too.
pub async fn tables(hunt: &mut Hunt, url: &str) {
    let mut seen = 0;
    macro_rules! every_cell {
        ($conn:ty, $columns:literal) => {{
            let mut conn = <$conn>::connect(url).await.unwrap();
            let columns: Vec<Column> = sqlx::query_as($columns).fetch_all(&mut conn).await.unwrap();
            for (table, column, bytes) in columns {
                let query = AssertSqlSafe(format!("SELECT {bytes} FROM {table}"));
                let cells: Cells = sqlx::query_scalar(query).fetch_all(&mut conn).await.unwrap();
                for cell in cells.iter().flatten() {
                    hunt.look(&format!("{table}.{column}"), cell);
                    seen += 1;
                }
            }
            conn.close().await.unwrap();
        }};
    }
    match url.split(':').next().unwrap() {
        "sqlite" => every_cell!(
            SqliteConnection,
            r#"SELECT t.name, c.name, 'CAST("' || c.name || '" AS BLOB)' FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"#
        ),
        "postgres" => every_cell!(
            PgConnection,
            r#"SELECT table_name::text, column_name::text,
                 CASE data_type WHEN 'bytea' THEN '"' || column_name || '"' ELSE 'convert_to("' || column_name || '"::text, ''UTF8'')' END
               FROM information_schema.columns WHERE table_schema = 'public'"#
        ),
        _ => every_cell!(
            MySqlConnection,
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(CONCAT('CAST(`', column_name, '` AS BINARY)') AS CHAR)
             FROM information_schema.columns WHERE table_schema = DATABASE()"
        ),
    }
    println!("{seen} cells");
}
