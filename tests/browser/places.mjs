// What stands in the demo house for the holes in a route's path. A hole that nobody knows is a loud failure: teach it here.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { need, send } from "./browser.mjs";
import { metadata } from "./house.mjs";

// Fills the named fields of the form at `path` and sends it to `action`.
export const fillIn = async (page, base, path, fields, action = path) => {
  // A page with work under way renews itself, and may just do so.
  await page.goto(base + path).catch(() => page.goto(base + path));
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`form[action="${action}"] [name="${name}"]`);
    const kind = await field.first().evaluate((el) => el.type);
    if (kind === "radio") await page.check(`[name="${name}"][value="${value}"]`);
    else if (kind === "checkbox") await field.first().check();
    else if (kind.startsWith("select")) await field.selectOption(value);
    else await field.fill(value);
  }
  await send(page, action);
};

const idOf = async (page, base, name, environment) => {
  await page.goto(`${base}/secrets?environment=${environment}&q=${name}`);
  const href = await page.locator("#results a.name", { hasText: name }).first().getAttribute("href");
  return Number(href.split("/").pop());
};

// A user of a real database, and the administrator that Keeper is there.
const atDatabase = (password) => {
  const url = new URL(need("KEEPER_TEST_POSTGRES_URL"));
  const psql = (sql) => execFileSync(need("KEEPER_TEST_PSQL"), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url.href, "-c", sql], { stdio: ["ignore", "ignore", "pipe"] });
  const run = randomBytes(3).toString("hex");
  const [keeper, app] = [`keeper_${run}`, `app_${run}`];
  // In this database the server asks for passwords. Another test may have made it.
  try { psql("CREATE DATABASE keeper_sources"); } catch (e) { if (!/already exists|duplicate key/.test(String(e.stderr))) throw e; }
  psql(`CREATE ROLE ${keeper} LOGIN CREATEROLE PASSWORD '${password}'`);
  psql(`CREATE ROLE ${app} LOGIN PASSWORD '${password}'`);
  psql(`GRANT ${app} TO ${keeper} WITH ADMIN OPTION`);
  return { app, source: { engine: "postgresql", host: "127.0.0.1", port: url.port, database_name: "keeper_sources", tls: "off", user_name: keeper, password } };
};

// A source that is used and one at which nobody answers, and a secret that is a user's password at the first.
const atSources = async (page, base) => {
  const password = "a password that is in force";
  const { app, source } = atDatabase(password);
  const lastOf = () => Number(new URL(page.url()).pathname.split("/").pop());
  const add = async (name, more) => { await fillIn(page, base, `/environments/${DEVELOPMENT}/sources/new`, { name, ...source, ...more }); return lastOf(); };
  const ids = { source: await add("shop-db"), away: await add("reports-db", { port: "9" }) };
  await fillIn(page, base, "/secrets/new", { environment_id: String(DEVELOPMENT), name: "shop-db-app", display_name: "The shop’s user of its database", secret_type: "database_credential", secrecy_level: "confidential", value: password }, "/secrets");
  ids.used = lastOf();
  await fillIn(page, base, `/secrets/${ids.used}/strategy`, { source_id: String(ids.source), account_name: app });
  return ids;
};

const DEVELOPMENT = 1, STAGING = 2, PRODUCTION = 3;

// Makes what the demo data lack: a copy that fails, one that is still tried, a rotation of each kind, things that are switched off.
export const furnish = async (base, admin, manager) => {
  const page = admin.page;
  const find = (name, environment) => idOf(page, base, name, environment);
  const ids = { running: await find("stripe-test-key", DEVELOPMENT), failing: await find("search-api-key", STAGING), off: await find("feature-flags-sdk", DEVELOPMENT), live: await find("oidc-client", PRODUCTION), plain: await find("mailer-token", DEVELOPMENT), smtp: await find("smtp-relay", PRODUCTION) };
  await fillIn(page, base, `/environments/${STAGING}/edit`, { vault_token: "a-token-that-vault-does-not-know" });
  await fillIn(page, base, `/environments/${DEVELOPMENT}/edit`, { vault_url: "http://127.0.0.1:9" });
  await fillIn(page, base, "/environments/new", { name: "sandbox", display_name: "Sandbox", stage: "development", access: "open" }, "/environments");
  await page.waitForURL(/\/environments\/\d+$/);
  const sandbox = Number(new URL(page.url()).pathname.split("/").pop());
  await fillIn(page, base, `/environments/${sandbox}/switch-off`, {});
  await fillIn(page, base, `/secrets/${ids.off}/switch-off`, {});
  await fillIn(page, base, "/secrets/new", {
    environment_id: String(DEVELOPMENT), name: "push-certificate-of-the-customer-app-in-the-apple-app-store", display_name: "Push certificate of the customer app in the App Store", description: "Opens Apple's push service for the customer app.\nAsk the mobile team before it is rotated.",
    secret_type: "certificate", service_name: "customer-notifications", tags: "team=mobile\nvendor=apple\nplatform=ios", value: "-----BEGIN CERTIFICATE-----\nnot a real one\n-----END CERTIFICATE-----\n", secrecy_level: "confidential", rotation_interval_days: "365",
  }, "/secrets");
  ids.long = Number(new URL(page.url()).pathname.split("/").pop());
  const rotate = async (id, fields) => {
    await fillIn(manager.page, base, `/secrets/${id}/rotate`, { reason: "Quarterly rotation", ...fields });
    return Number(new URL(manager.page.url()).pathname.split("/").pop());
  };
  ids.succeeded = await rotate(ids.smtp, { mode: "typed", new_value: "first line\nsecond line <of> a 'value' & more\n" });
  ids.failed = await rotate(ids.failing, { mode: "generated" });
  ids.live_rotation = await rotate(ids.running, { mode: "generated" });
  const held = async (page, pasted) => {
    await fillIn(page, base, "/secrets/import", { environment_id: String(DEVELOPMENT), pasted });
    return Number(new URL(page.url()).pathname.split("/").pop());
  };
  // The admin's first file cannot be imported, the second one can.
  ids.imports = { admin: await held(page, "one-name=1\nthis line is no pair\none-name=2\n"), manager: await held(manager.page, "from-a-file='two\nlines'\nmailer-token=new\n") };
  ids.importable = await held(page, "made-by-import=one\n");
  const tagged = async (page) => {
    await fillIn(page, base, `/bulk/new?do=tag&id=${ids.plain}&id=${ids.failing}&id=${ids.off}`, { add: "seen=yes" }, "/bulk");
    return Number(new URL(page.url()).pathname.split("/").pop());
  };
  ids.bulks = { admin: await tagged(page), manager: await tagged(manager.page) };
  Object.assign(ids, await atSources(page, base));
  // An identity provider, and somebody whom it did not let in.
  await fillIn(page, base, "/settings/saml/new", { name: "partner", display_name: "The partner company", pasted: metadata(mkdtempSync(`${tmpdir()}/keeper-idp.`), "sso.partner.example.com"), groups: "staff = user in staging\nkeeper-admins = admin" }, "/settings/saml");
  ids.provider = Number(new URL(page.url()).pathname.split("/").pop());
  const refused = await admin.context.request.post(`${base}/saml/acs`, { form: { SAMLResponse: "x" } });
  ids.reference = (await refused.text()).match(/<dt>Reference<\/dt><dd class="mono">([^<]+)/)[1];
  // An app that is being set up.
  await fillIn(page, base, "/account/second-factor", {});
  // A service account with a token, and another one that is off.
  const service = async (name) => {
    await fillIn(page, base, "/settings/service-accounts/new", { name, description: "Reads what the deployment needs", role: "manager", scopes: "secrets:read", all_environments: "true" }, "/settings/service-accounts");
    return Number(new URL(page.url()).pathname.split("/").pop());
  };
  ids.unused = await service("nightly-report");
  await fillIn(page, base, `/settings/service-accounts/${ids.unused}/switch-off`, {});
  ids.service = await service("deploy");
  await page.click(`form[action="/settings/service-accounts/${ids.service}/tokens"] button`);
  for (let i = 0; i < 40 && !(await settled(manager.page, base, ids)); i++) await manager.page.waitForTimeout(500);
  return { ...ids, sandbox };
};

const settled = async (page, base, ids) => {
  await page.goto(`${base}/rotations/${ids.succeeded}`);
  const done = await page.locator("#steps .status.succeeded").count();
  await page.goto(`${base}/rotations/${ids.failed}`);
  return done && await page.locator("#steps .status.failed").count();
};

// The address of a route for somebody: a user's door to production is closed, so theirs are in staging.
export const address = (path, who, ids) => {
  const user = who === "user";
  const whole = {
    "/static/{*path}": "/static/css/ui.css",
    "/secrets/{id}/switch-on": `/secrets/${ids.off}/switch-on`,
    "/secrets/{id}/purge": `/secrets/${ids.off}/purge`,
    "/secrets/{id}/versions/{number}/restore": `/secrets/${user ? ids.failing : ids.smtp}/versions/1/restore`,
    "/secrets/{id}/versions/{number}/destroy": `/secrets/${user ? ids.failing : ids.smtp}/versions/1/destroy`,
    "/secrets/{id}/strategy": `/secrets/${ids.used}/strategy`,
    "/secrets/{id}/strategy/clear": `/secrets/${ids.used}/strategy/clear`,
    "/environments/{id}/sources/new": `/environments/${DEVELOPMENT}/sources/new`,
    "/settings/backends/{id}/{backend}": `/settings/backends/${DEVELOPMENT}/vault`,
    "/sources/{id}": `/sources/${ids.source}`,
    "/sources/{id}/rehearse": `/sources/${ids.source}/rehearse`,
    "/environments/{id}/switch-on": `/environments/${ids.sandbox}/switch-on`,
    "/step-up": "/step-up?next=%2Fsecrets",
    "/bulk/new": `/bulk/new?do=${user ? "tag" : "sync"}&id=${ids.failing}`,
    // A bulk operation is its owner's: a user is shown how one begins.
    "/bulk/{id}": user ? `/bulk/new?do=tag&id=${ids.failing}` : `/bulk/${ids.bulks?.[who]}`,
    "/secrets/import/{id}": `/secrets/import/${ids.imports?.[who]}`,
    "/settings/saml/reports": `/settings/saml/reports?reference=${ids.reference}`,
    "/settings/saml/reports/{reference}": `/settings/saml/reports/${ids.reference}`,
    "/settings/saml/guides/{name}": "/settings/saml/guides/keycloak",
  };
  const holes = { secrets: user ? ids.failing : ids.live, environments: user ? STAGING : PRODUCTION, rotations: user ? ids.failed : ids.succeeded, sources: ids.away, users: 1 };
  const more = { "{number}": 1, "{backend}": "vault", "{session}": 1, "{other}": STAGING };
  if (whole[path]) return whole[path];
  if (path.startsWith("/settings/service-accounts/{id}")) return path.replace("{id}", String(ids.service));
  if (path.startsWith("/settings/saml/{id}")) return path.replace("{id}", String(ids.provider));
  const noun = path.split("/")[1];
  return path.replace(/\{[^}]+\}/g, (hole) => {
    const value = hole === "{id}" && path.startsWith(`/${noun}/{id}`) ? holes[noun] : more[hole];
    if (!value) throw new Error(`no id is known for ${hole} of ${path}: teach tests/browser/places.mjs`);
    return String(value);
  });
};

// What a GET answers with a redirect on purpose: it is visited, and is no page.
export const leadsAway = {
  "/saml/login": "to the identity provider",
  "/settings/saml/reports": "to the report of that reference",
  "/secrets/find": "to the list; below the search box it is a part of a page: search-found",
  "/login/code": "to the password, which comes first",
  "/account/second-factor/new": "to the second factor, unless one is being set up",
  "/saml/continue": "home, unless another person waits there to be confirmed",
};

// What a GET without a message refuses: it is visited, and is no page.
export const refuses = { "/saml/slo": 403 };

// What a GET answers for htmx alone: scenes.mjs has the page that it becomes a part of.
export const parts = {
  "/environments/preview": "a part of an environment's form: environment-edit-preview",
};
