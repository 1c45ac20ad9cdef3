//! A second factor: set up on one's own page, asked for at sign-in and at step-up, and taken away again.
use crate::support::house::PASSWORD;
use crate::support::site::{Answer, Site, Visitor};
use crate::support::{House, three};
use keeper::domain::actor::Trace;
use keeper::domain::error::Error;
use keeper::kit::clock::Utc;
use keeper::people::{self, Checked, Means, NewMethod};
use keeper::{audit, sql};
use time::Duration;
use totp_rs::{Builder, Secret, Totp};

const HOME: &str = "/account/second-factor";
const NEW: &str = "/account/second-factor/new";

/// Somebody's phone.
struct Phone(Totp);

impl Phone {
    fn reads(page: &str) -> Self {
        let key = page.split("aria-label=\"Key for the app\">").nth(1).unwrap_or_else(|| panic!("{page}"));
        let key: String = key.split("</pre>").next().unwrap().split_whitespace().collect();
        Self(Builder::new().with_secret(Secret::try_from_base32(key).unwrap()).build().unwrap())
    }

    fn shows(&self, now: Utc) -> String {
        self.0.generate(now.unix().try_into().unwrap()).to_string()
    }

    /// A code of another time than those that count now.
    fn shows_no_more(&self, now: Utc) -> String {
        self.shows(now.minus(Duration::minutes(10)))
    }
}

fn codes(page: &str) -> Vec<String> {
    let text = page.split("data-value>\n").nth(1).unwrap_or_else(|| panic!("{page}"));
    text.split("</pre>").next().unwrap().lines().map(str::to_owned).collect()
}

/// Set up on the pages, by whoever sits there. The clock goes on to the next code.
async fn set_up(house: &House, person: &Visitor) -> (Phone, Vec<String>) {
    assert_eq!(person.get(HOME).await.status, 200);
    let begun = person.post(HOME, &[]).await;
    assert_eq!((begun.status, begun.location()), (303, NEW), "{}", begun.body);
    let phone = Phone::reads(&person.get(NEW).await.body);
    let done = person.post(NEW, &[("code", &phone.shows(house.app.now()))]).await;
    assert_eq!((done.status, done.header("cache-control")), (200, "no-store"), "{}", done.body);
    house.app.clock.advance(Duration::seconds(30));
    (phone, codes(&done.body))
}

/// The first step, with the right password: the page that asks for the code.
async fn half_way(site: &Site, name: &str) -> (Visitor, Answer) {
    let visitor = site.visitor();
    visitor.get("/login").await;
    let page =
        visitor.post("/login", &[("username", name), ("password", PASSWORD), ("next", "/secrets")]).await;
    (visitor, page)
}

async fn gives(visitor: &Visitor, half: &str, code: &str) -> Answer {
    visitor.post("/login/code", &[("half", half), ("code", code), ("next", "/secrets")]).await
}

async fn told_of(house: &House, target: &str) -> Vec<String> {
    let filter = audit::Filter { limit: 200, ..audit::Filter::default() };
    let log = audit::list(&house.app, &filter).await.unwrap().items;
    log.into_iter().filter(|line| line.target == target).map(|line| line.action).collect()
}

three! {
    // S05 S37 S41: the password alone opens the account no more; each code is good once.
    async fn somebody_sets_up_an_app_and_signs_in_with_it(house: House) {
        let site = Site::start(&house.app).await;
        let uma = house.add_user("uma", "user").await;
        let (there, elsewhere) = (site.signed_in("uma", PASSWORD).await, site.signed_in("uma", PASSWORD).await);
        assert!(there.get("/account").await.body.contains(&format!("href=\"{HOME}\"")));
        assert_eq!(there.get(NEW).await.location(), HOME, "nothing is being set up");
        there.post(HOME, &[]).await;
        let page = there.get(NEW).await;
        let phone = Phone::reads(&page.body);
        assert!(page.body.contains("<svg class=\"qr\"") && page.header("cache-control") == "no-store");
        let wrong = there.post(NEW, &[("code", &phone.shows_no_more(house.app.now()))]).await;
        assert!(wrong.status == 422 && wrong.body.contains("not the app’s present one"), "{}", wrong.body);
        assert_eq!(Phone::reads(&wrong.body).shows(house.app.now()), phone.shows(house.app.now()), "the same picture");
        assert_eq!(elsewhere.get("/account").await.status, 200, "nothing counts yet");
        let first = phone.shows(house.app.now());
        let done = there.post(NEW, &[("code", &first)]).await;
        assert_eq!((done.status, codes(&done.body).len()), (200, 10), "{}", done.body);
        assert_eq!((there.get("/account").await.status, elsewhere.get("/account").await.status), (200, 303), "the others end");
        assert!(there.get(HOME).await.body.contains("10 of 10 left"));

        let (visitor, page) = half_way(&site, "uma").await;
        assert!(page.status == 200 && page.body.contains("One more step") && page.header("cache-control") == "no-store", "{}", page.body);
        assert!(page.body.contains("autocomplete=\"one-time-code\"") && !page.body.contains(PASSWORD));
        assert_eq!(visitor.get("/account").await.status, 303, "half way is not in");
        let half = page.hidden("half").to_owned();
        let used = gives(&visitor, &half, &first).await;
        assert!(used.status == 401 && used.body.contains("was used already"), "{}", used.body);
        house.app.clock.advance(Duration::seconds(30));
        let next = phone.shows(house.app.now());
        let spaced = format!(" {} {} ", &next[..3], &next[3..]);
        let inside = gives(&visitor, used.hidden("half"), &spaced).await;
        assert_eq!((inside.status, inside.location()), (303, "/secrets"), "{}", inside.body);
        assert_eq!(visitor.get("/account").await.status, 200);
        let (other, page) = half_way(&site, "uma").await;
        assert_eq!(gives(&other, page.hidden("half"), &next).await.status, 401, "each is good once");

        let told = told_of(&house, "uma").await;
        assert_eq!(&told[..6], ["session.second_factor_refused", "session.half_way", "session.started", "session.second_factor_refused", "session.half_way", "user.second_factor_set"]);
        let log = audit::list(&house.app, &audit::Filter { limit: 200, ..audit::Filter::default() }).await.unwrap().items;
        assert!(log.iter().any(|line| line.action == "session.started" && format!("{line:?}").contains("second_factor")), "{log:?}");
        // Sealed, and not as it was shown.
        let rows: Vec<(Vec<u8>, Vec<u8>)> = house.app.db.read().await.unwrap().all(sql!("SELECT ciphertext, nonce FROM second_factors WHERE user_id = ?", uma)).await.unwrap();
        let secret = phone.0.secret().as_ref();
        assert!(rows.len() == 1 && !rows[0].0.windows(secret.len()).any(|part| part == secret));
    }
}

three! {
    // S37: whoever has lost the phone has ten codes, each good once, however it is typed.
    async fn a_recovery_code_opens_the_account_once(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let there = site.signed_in("uma", PASSWORD).await;
        let (_, list) = set_up(&house, &there).await;
        assert!(list.iter().all(|code| code.len() == 14 && !code.contains(['I', 'L', 'O', 'U'])), "{list:?}");
        let (visitor, page) = half_way(&site, "uma").await;
        let typed = list[3].to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        let inside = gives(&visitor, page.hidden("half"), &typed).await;
        assert_eq!((inside.status, inside.location()), (303, "/secrets"), "{}", inside.body);
        assert!(visitor.get("/secrets").await.body.contains("Signed in with a recovery code"));
        let (other, page) = half_way(&site, "uma").await;
        assert_eq!(gives(&other, page.hidden("half"), &list[3]).await.status, 401);
        assert!(told_of(&house, "uma").await.contains(&"user.recovery_code_used".to_owned()));
        assert!(visitor.get(HOME).await.body.contains("9 of 10 left"));
        let fresh = codes(&visitor.post("/account/second-factor/codes", &[]).await.body);
        assert_eq!(gives(&other, page.hidden("half"), &list[4]).await.status, 401, "the former list opens nothing");
        assert_eq!(gives(&other, page.hidden("half"), &fresh[0]).await.status, 303);
        let kept: Vec<(Vec<u8>,)> = house.app.db.read().await.unwrap().all(sql!("SELECT digest FROM recovery_codes")).await.unwrap();
        assert!(kept.len() == 9 && kept.iter().all(|(digest,)| digest.len() == 32 && fresh.iter().all(|code| digest != code.as_bytes())));
    }
}

three! {
    // Wrong codes cost time; only whoever has the password can make the account wait, and it never stays shut.
    async fn guessing_codes_costs_time(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let (phone, list) = set_up(&house, &site.signed_in("uma", PASSWORD).await).await;
        let (visitor, page) = half_way(&site, "uma").await;
        let half = page.hidden("half").to_owned();
        for _ in 0..5 {
            assert_eq!(gives(&visitor, &half, &phone.shows_no_more(house.app.now())).await.status, 401);
        }
        let right = phone.shows(house.app.now());
        let slow = gives(&visitor, &half, &right).await;
        assert!(slow.status == 429 && slow.body.contains("Too many tries. Wait 30 s"), "{}", slow.body);
        let (owner, page) = half_way(&site, "uma").await;
        assert_eq!(gives(&owner, page.hidden("half"), &list[0]).await.status, 303, "guesses keep nobody out who has a recovery code");
        for _ in 0..5 {
            assert_eq!(gives(&visitor, &half, &phone.shows_no_more(house.app.now())).await.status, 401, "who was right begins afresh");
        }
        assert_eq!(gives(&visitor, &half, &phone.shows(house.app.now())).await.status, 429);
        house.app.clock.advance(Duration::seconds(31));
        assert_eq!(gives(&visitor, &half, &phone.shows_no_more(house.app.now())).await.status, 401);
        house.app.clock.advance(Duration::seconds(31));
        assert_eq!(gives(&visitor, &half, &phone.shows(house.app.now())).await.status, 429, "the wait doubles");
        let user = people::by_username(&mut house.app.db.read().await.unwrap(), "uma").await.unwrap().unwrap();
        for _ in 0..12 {
            house.app.clock.advance(Duration::minutes(15));
            let wrong = people::check_second_factor(&house.app, &user, &"nothing".to_owned().into(), &Trace::default()).await.unwrap();
            assert_eq!(wrong, Checked::Wrong, "a quarter of an hour is the longest wait");
        }
        house.app.clock.advance(Duration::minutes(15));
        let code = phone.shows(house.app.now()).into();
        assert_eq!(people::check_second_factor(&house.app, &user, &code, &Trace::default()).await.unwrap(), Checked::Right(Means::App));
        let wrong = people::check_second_factor(&house.app, &user, &"000000".to_owned().into(), &Trace::default()).await.unwrap();
        assert_eq!(wrong, Checked::Wrong, "whoever was right begins afresh");
    }
}

three! {
    // S04 S41: half a sign-in is one visitor's, for five minutes, and ends with whatever ends sessions.
    async fn half_a_sign_in_is_of_no_use_to_others(house: House) {
        let site = Site::start(&house.app).await;
        let uma = house.add_user("uma", "user").await;
        house.add_user("eve", "user").await;
        let (phone, _) = set_up(&house, &site.signed_in("uma", PASSWORD).await).await;
        let (eves, _) = set_up(&house, &site.signed_in("eve", PASSWORD).await).await;
        let (visitor, page) = half_way(&site, "uma").await;
        let half = page.hidden("half").to_owned();
        let stranger = site.visitor();
        stranger.get("/login").await;
        let over = |answer: Answer| assert!(answer.status == 401 && answer.body.contains("give the password once more"), "{}", answer.body);
        over(gives(&stranger, &half, &phone.shows(house.app.now())).await);
        let (evil, page) = half_way(&site, "eve").await;
        let eves_half = page.hidden("half").to_owned();
        let forged = format!("{uma}{}", &eves_half[eves_half.find('.').unwrap()..]);
        let csrf = page.hidden("_csrf").to_owned();
        for half in [forged.as_str(), "", "..", "1.2.3", &format!("{uma}.9999999999.{csrf}"), &format!("{uma}.9999999999."), &csrf, &"9".repeat(4000)] {
            over(gives(&evil, half, &eves.shows(house.app.now())).await);
        }
        assert_eq!(evil.get("/login/code").await.location(), "/login");
        assert_eq!(told_of(&house, "uma").await[0], "session.half_way", "nothing was tried for uma");
        house.app.clock.advance(Duration::minutes(5));
        over(gives(&visitor, &half, &phone.shows(house.app.now())).await);
        let (visitor, page) = half_way(&site, "uma").await;
        people::set_active(&house.app, &house.operator(), "uma", false).await.unwrap();
        over(gives(&visitor, page.hidden("half"), &phone.shows(house.app.now())).await);
        people::set_active(&house.app, &house.operator(), "uma", true).await.unwrap();
        over(gives(&visitor, page.hidden("half"), &phone.shows(house.app.now())).await);
    }
}

three! {
    // S41: a fresh proof is the password and a code.
    async fn step_up_asks_for_the_code_too(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let there = site.signed_in("uma", PASSWORD).await;
        assert!(!there.get("/step-up").await.body.contains("name=\"code\""));
        let (phone, _) = set_up(&house, &there).await;
        house.app.clock.advance(Duration::minutes(11));
        assert_eq!(there.get(HOME).await.location(), "/step-up?next=%2Faccount%2Fsecond-factor");
        let asked = there.get("/step-up?next=%2Faccount").await;
        assert!(asked.body.contains("name=\"code\""), "{}", asked.body);
        let now = house.app.now();
        for (password, code) in [(PASSWORD, String::new()), (PASSWORD, phone.shows_no_more(now)), ("a wrong password", phone.shows(now))] {
            let refused = there.post("/step-up", &[("password", password), ("code", &code), ("next", HOME)]).await;
            assert!(refused.status == 403 && refused.body.contains("The password or the code is not right"), "{}", refused.body);
        }
        let done = there.post("/step-up", &[("password", PASSWORD), ("code", &phone.shows(now)), ("next", HOME)]).await;
        assert_eq!((done.status, done.location(), there.get(HOME).await.status), (303, HOME, 200), "{}", done.body);
    }
}

three! {
    // S37 S38: a new phone takes the place of the old one when its first code was right; whoever may removes the factor.
    async fn an_app_is_replaced_and_removed(house: House) {
        let site = Site::start(&house.app).await;
        let uma = house.add_user("uma", "user").await;
        house.add_user("ada", "admin").await;
        house.add_user("max", "manager").await;
        let there = site.signed_in("uma", PASSWORD).await;
        let (old, _) = set_up(&house, &there).await;
        there.post(HOME, &[]).await;
        let new = Phone::reads(&there.get(NEW).await.body);
        let (visitor, page) = half_way(&site, "uma").await;
        assert_eq!(gives(&visitor, page.hidden("half"), &old.shows(house.app.now())).await.status, 303, "the former one counts still");
        assert_eq!(there.post(NEW, &[("code", &new.shows(house.app.now()))]).await.status, 200);
        house.app.clock.advance(Duration::seconds(30));
        let (visitor, page) = half_way(&site, "uma").await;
        assert_eq!(gives(&visitor, page.hidden("half"), &old.shows(house.app.now())).await.status, 401);
        assert_eq!(gives(&visitor, page.hidden("half"), &new.shows(house.app.now())).await.status, 303);

        // One's own, with a fresh proof; the session goes on, the others end.
        assert_eq!(visitor.get("/account").await.status, 200);
        house.app.clock.advance(Duration::minutes(26));
        for act in ["remove", "codes"] {
            let late = visitor.post(&format!("{HOME}/{act}"), &[]).await;
            assert!(late.status == 403 && late.body.contains("our last proof of identity is too old"), "{act}: {}", late.body);
        }
        let (visitor, page) = half_way(&site, "uma").await;
        gives(&visitor, page.hidden("half"), &new.shows(house.app.now())).await;
        assert_eq!(visitor.get("/account").await.status, 200);
        assert_eq!(visitor.post(&format!("{HOME}/remove"), &[]).await.location(), "/account");
        assert_eq!((visitor.get("/account").await.status, there.get("/account").await.status), (200, 303));
        let again = visitor.post(&format!("{HOME}/remove"), &[]).await;
        assert!(again.status == 409 && again.body.contains("no second factor"), "{}", again.body);
        assert_eq!(visitor.post(&format!("{HOME}/codes"), &[]).await.status, 409);
        let in_again = site.signed_in("uma", PASSWORD).await;

        // An admin's, and what it rests on goes with the method.
        set_up(&house, &in_again).await;
        let (admin, manager) = (site.signed_in("ada", PASSWORD).await, site.signed_in("max", PASSWORD).await);
        let path = format!("/users/{uma}/second-factor/remove");
        assert_eq!(manager.post(&path, &[]).await.status, 403);
        assert!(admin.get(&format!("/users/{uma}")).await.body.contains(&path));
        assert_eq!((admin.post(&path, &[]).await.status, in_again.get("/account").await.status), (303, 303));
        assert!(!admin.get(&format!("/users/{uma}")).await.body.contains(&path));
        assert_eq!(admin.post(&path, &[]).await.status, 409);
        set_up(&house, &site.signed_in("uma", PASSWORD).await).await;
        people::set_method(&house.app, &house.operator(), "uma", NewMethod::saml("https://idp.example", "uma").unwrap()).await.unwrap();
        for table in [sql!("SELECT COUNT(*) FROM second_factors"), sql!("SELECT COUNT(*) FROM recovery_codes")] {
            assert_eq!(house.app.db.read().await.unwrap().number(table).await.unwrap(), 0);
        }
        let (actor, user) = (house.person("uma").await, people::by_username(&mut house.app.db.read().await.unwrap(), "uma").await.unwrap().unwrap());
        assert!(matches!(people::begin_second_factor(&house.app, &actor, &user).await, Err(Error::Conflict(_))), "theirs is at the identity provider");
    }
}

three! {
    // Two browsers with the same code at the same moment: one comes in.
    async fn a_code_is_taken_once_by_whomever_is_first(house: House) {
        let site = Site::start(&house.app).await;
        house.add_user("uma", "user").await;
        let (phone, list) = set_up(&house, &site.signed_in("uma", PASSWORD).await).await;
        let user = people::by_username(&mut house.app.db.read().await.unwrap(), "uma").await.unwrap().unwrap();
        for code in [phone.shows(house.app.now()), list[0].clone()] {
            let (code, trace) = (code.into(), Trace::default());
            let check = || people::check_second_factor(&house.app, &user, &code, &trace);
            let (a, b, c) = tokio::join!(check(), check(), check());
            let right = [a, b, c].into_iter().filter(|one| matches!(one.as_ref().unwrap(), Checked::Right(_))).count();
            assert_eq!(right, 1);
        }
    }
}
