//! `keeper routes`: the table of addresses, as the gate has it.
use crate::api::routes::{Access, table as api_table};
use crate::web::routes::table;
use std::process::ExitCode;

pub fn print() -> ExitCode {
    for line in table() {
        let access = format!("{:?}", line.access).to_lowercase();
        println!("{access:17} {:6} {}", line.method, line.path);
    }
    for line in api_table() {
        let access = match line.access {
            Access::Public => "public",
            Access::Scope(None) => "token",
            Access::Scope(Some(scope)) => scope.as_str(),
        };
        println!("{access:17} {:6} {}", line.method, line.path);
    }
    ExitCode::SUCCESS
}
