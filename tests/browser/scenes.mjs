// What is looked at: every GET route of the table as each role that may come in, and the states that an address alone does not show.
// A scene is { name, who, go(page): Promise }. Pictures and checks are made of the same scenes.
import { expect, send } from "./browser.mjs";
import { address, leadsAway, parts, refuses } from "./places.mjs";

const rank = { public: 0, user: 1, manager: 2, admin: 3 };
const title = (path) => path === "/" ? "dashboard" : path.slice(1).replace(/[{}*]/g, "").replace(/\//g, "-");

export const open = async (page, url, status = 200) => {
  const answer = await page.goto(url);
  expect(`${status} at ${url}, not ${answer.status()}`, answer.status() === status);
};

// The pages of the table. `people` are browsers by role; what is not HTML is asked for, and is no scene.
export const ofTable = async (base, routes, ids, people) => {
  const scenes = [], others = [];
  for (const { access, path } of routes.filter((line) => line.method === "GET")) {
    const roles = access === "public" ? ["nobody"] : ["admin", "manager", "user"].filter((who) => rank[who] >= rank[access]);
    for (const who of roles) {
      const url = base + address(path, who, ids);
      const answer = await people[who].context.request.get(url, { maxRedirects: 0 });
      const kind = answer.headers()["content-type"] ?? "";
      if (answer.status() >= 300 && answer.status() < 400) {
        expect(`${path} as ${who} answers with a page, not with a way to ${answer.headers().location}: say so in places.mjs`, leadsAway[path]);
        others.push(`${path} (${leadsAway[path]})`);
      } else if (refuses[path]) {
        expect(`${refuses[path]} at ${url}, not ${answer.status()}`, answer.status() === refuses[path]);
        others.push(`${path} (refused without a message)`);
      } else if (!kind.startsWith("text/html")) {
        others.push(`${path} (${kind || answer.status()})`);
      } else {
        expect(`a page at ${url} for ${who}, not ${answer.status()}`, answer.ok());
        const html = await answer.text();
        if (parts[path]) others.push(`${path} (${parts[path]})`);
        else scenes.push({ name: title(path), route: path, who, asks: /<(input|textarea|select)[^>]* required/.test(html), go: (page) => open(page, url) });
      }
    }
  }
  return { scenes, others: [...new Set(others)] };
};

// A form sent with nothing in what it requires: its errors. Only forms that require something typed, so that nothing is done.
export const refusedForms = async (scenes, people) => {
  const refused = [];
  for (const scene of scenes.filter((s) => s.who === "admin" && s.asks)) {
    const { page } = people.admin;
    await scene.go(page);
    const form = page.locator('main form[method="post"]:has(.input[required])').first();
    if (!(await form.count())) continue;
    const action = await form.getAttribute("action");
    refused.push({ name: `${scene.name}-refused`, who: "admin", go: async (page) => {
      await scene.go(page);
      await page.locator(`main form[method="post"][action="${action}"]`).first().evaluate((form) => {
        form.noValidate = true;
        for (const input of form.querySelectorAll(".input[required]")) input.value = "";
      });
      await send(page, action);
      expect(`errors of ${action}`, await page.locator(".errors, .field.invalid, [role=alert]").count());
    } });
  }
  return refused;
};

// States that are worth a look of their own.
export const ofStates = (base, ids) => {
  const at = (name, who, path, status = 200, then = () => {}) => ({ name, who, go: async (page) => { await open(page, base + path, status); await then(page); } });
  return [
    at("error-404", "admin", "/secrets/999999", 404),
    at("error-404-nobody", "nobody", "/nowhere", 404),
    at("error-403", "user", "/audit", 403),
    at("error-403-rule", "user", `/secrets/${ids.failing}/activity`, 403),
    at("error-422", "admin", "/secrets?type=nothing-that-is", 422),
    at("login-next", "nobody", `/login?next=/secrets/${ids.live}`),
    at("login-refused", "nobody", "/login", 200, async (page) => {
      await page.fill("#f-username", "nobody-knows");
      await page.fill("#f-password", "a guess");
      await page.locator("form:has(#f-password) button").click();
      await page.waitForSelector("#login-error");
    }),
    at("secrets-nothing-matches", "admin", "/secrets?q=no-such-name"),
    at("secrets-filtered", "admin", "/secrets?environment=2&level=confidential&sort=due"),
    at("secrets-overdue", "manager", "/secrets?due=overdue"),
    at("secrets-switched-off", "admin", "/secrets?active=false"),
    at("secrets-of-nowhere", "user", "/secrets?environment=3"),
    at("secret-failing", "manager", `/secrets/${ids.failing}`),
    at("secret-being-pushed", "manager", `/secrets/${ids.running}`),
    at("secret-long-name", "admin", `/secrets/${ids.long}`),
    at("secret-switched-off", "admin", `/secrets/${ids.off}`),
    at("secret-revealed", "manager", `/secrets/${ids.smtp}`, 200, (page) => send(page, `/secrets/${ids.smtp}/reveal`)),
    at("secret-saved", "admin", `/secrets/${ids.plain}/edit`, 200, (page) => send(page, `/secrets/${ids.plain}/edit`)),
    at("secret-edit-conflict", "admin", `/secrets/${ids.plain}/edit`, 200, async (page) => {
      await page.locator("[name=row_version]").evaluate((field) => { field.value = "1"; });
      await page.fill("#f-display_name", "Another name for the mailer token");
      await page.fill("#f-tags", "team=platform\nuse=newsletter");
      await send(page, `/secrets/${ids.plain}/edit`);
      expect("both sides of a conflict", await page.locator(".compare").count());
    }),
    at("secret-new-in-production", "manager", "/secrets/new?environment=3"),
    at("rotate-typed", "manager", `/secrets/${ids.smtp}/rotate`, 200, (page) => page.check("input[name=mode][value=typed]")),
    at("rotation-failed", "manager", `/rotations/${ids.failed}`),
    at("rotation-running", "manager", `/rotations/${ids.live_rotation}`),
    at("rotations-none", "admin", "/rotations?status=rejected"),
    at("environment-failing", "admin", "/environments/2"),
    at("environment-switched-off", "admin", `/environments/${ids.sandbox}`),
    at("environment-new-with-backends", "admin", "/environments/new", 200, async (page) => {
      await page.check("[name=aws_enabled]");
      await page.check("[name=vault_enabled]");
      await page.check("input[name=access][value=members]");
    }),
    at("environment-with-sources", "admin", "/environments/1"),
    at("secret-used-at-a-source", "manager", `/secrets/${ids.used}`),
    at("source-unused", "admin", `/sources/${ids.away}`),
    at("source-checked", "admin", `/sources/${ids.source}`, 200, (page) => send(page, `/sources/${ids.source}/check`)),
    at("source-check-failed", "admin", `/sources/${ids.away}`, 200, (page) => send(page, `/sources/${ids.away}/check`)),
    at("source-rehearsed", "admin", `/sources/${ids.source}/rehearse`, 200, (page) => send(page, `/sources/${ids.source}/rehearse`)),
    at("source-rehearsal-failed", "admin", `/sources/${ids.away}/rehearse`, 200, (page) => send(page, `/sources/${ids.away}/rehearse`)),
    at("source-new-in-production", "admin", "/environments/3/sources/new", 200, (page) => page.check("[name=tls][value=authority]")),
    at("source-edit-conflict", "admin", `/sources/${ids.away}/edit`, 200, async (page) => {
      await page.locator("[name=row_version]").evaluate((field) => { field.value = "7"; });
      await page.fill("#f-user_name", "another_administrator");
      await send(page, `/sources/${ids.away}/edit`);
      expect("both sides of a conflict", await page.locator(".compare").count());
    }),
    at("strategy-none-yet", "manager", `/secrets/${ids.plain}/strategy`),
    at("strategy-two-users", "admin", `/secrets/${ids.used}/strategy`, 200, (page) => page.check("[name=shape][value=json]")),
    at("strategy-not-fit", "admin", `/secrets/${ids.plain}/strategy`, 200, async (page) => {
      await page.selectOption("#f-source_id", String(ids.source));
      await page.fill("#f-account_name", "nobody_there");
      await send(page, `/secrets/${ids.plain}/strategy`);
    }),
    at("strategy-no-source", "manager", `/secrets/${ids.failing}/strategy`),
    at("audit-verified", "admin", "/audit", 200, (page) => send(page, "/audit/verify")),
    at("audit-nothing-matches", "manager", "/audit?who=nobody-at-all"),
    at("search-found", "manager", "/rotations", 200, async (page) => {
      await page.locator("[data-search]").pressSequentially("token");
      await page.waitForSelector("#found a");
    }),
    at("environment-edit-preview", "admin", "/environments/2/edit", 200, async (page) => {
      await page.fill("[name=vault_path_template]", "{service}-{name}");
      await page.waitForSelector("#preview code");
    }),
    at("help", "manager", "/rotations", 200, (page) => page.keyboard.press("?")),
  ];
};
