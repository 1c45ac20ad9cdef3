//! How many statements a list takes.
use super::*;
use keeper::db::heard;
use keeper::secrets::Sort;

async fn count(house: &House, filter: &Filter) -> (usize, usize) {
    let (page, said) = heard(secrets::list(&house.app, filter)).await;
    (page.unwrap().items.len(), said.len())
}

three! {
    // S90: a page of fifty costs as many statements as a page of one: the keys and the rows, and with words one more that leads to
    // them; where these stand on few shelves, another one puts what was gathered there in the order of a date.
    async fn a_longer_page_costs_no_more_statements(house: House) {
        let dev = house.add_environment("dev", "development", "open", &[]).await;
        for n in 0..60 {
            house.add_secret(dev, &format!("svc-{n:02}-key"), "v").await;
        }
        house.file_changes().await;
        for sort in [Sort::Name, Sort::Updated] {
            for q in ["", "vc-"] {
                let of = |limit| Filter { environments: vec![dev], sort, q: q.into(), limit, ..Filter::default() };
                count(&house, &of(1)).await; // what is kept in memory is read once
                let (few, many) = (count(&house, &of(1)).await, count(&house, &of(50)).await);
                assert_eq!((few.0, many.0), (1, 50));
                let statements = match (q, sort) { ("", _) => 2, (_, Sort::Name) => 3, _ => 4 };
                assert_eq!((few.1, many.1), (statements, statements), "{sort:?} {q:?}");
            }
        }
    }
}
