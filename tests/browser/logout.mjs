// The end of a session, here and at the identity provider: begun at Keeper, then begun at the provider.
//   SSO_PASSWORD  of the person at the provider
//   SSO_SCRIPT    off: the same clicks with JavaScript switched off
//   SSO_LOGOUT    where the provider's own sign-out begins
import { expect, launch, need, person } from "./browser.mjs";
import { isOurs, signInThrough } from "./provider.mjs";

const base = need("KEEPER_URL");
const password = need("SSO_PASSWORD");
const script = process.env.SSO_SCRIPT !== "off";
const browser = await launch();

const signIn = async (page) => {
  await page.goto(`${base}/login?next=%2Faccount`);
  await signInThrough(page, base, { name: "user", password, script });
  expect(`the account's page, not ${page.url()}`, page.url() === `${base}/account`);
};
const isIn = async (page) => {
  await page.goto(`${base}/account`);
  return new URL(page.url()).pathname === "/account";
};

try {
  const { page, complaints } = await person(browser, base, "nobody", { javaScriptEnabled: script });
  // From Keeper: the session here ends at once, the provider's by the link.
  await signIn(page);
  await page.locator('form[action="/logout"] button').click();
  const on = page.getByRole("link", { name: /^Sign out of .*, too/ });
  await on.waitFor();
  await on.click();
  await page.waitForURL((url) => url.origin === base && url.pathname === "/saml/slo");
  const told = await page.locator("main").innerText();
  expect(`both ends told, not ${told}`, /You are signed out of Keeper and of /.test(told));
  expect("nobody here", !(await isIn(page)));
  // The provider asks for the password again: its own session has ended.
  await signIn(page);

  // From the provider: Keeper hears of it.
  await page.goto(need("SSO_LOGOUT"));
  if (!script) for (let n = 0; n < 2; n += 1) {
    const button = page.locator("form button[type=submit], form input[type=submit]").first();
    if (new URL(page.url()).hostname === "localhost" && (await page.locator("form input[name^=SAML]").count())) await button.click();
  }
  await page.waitForURL((url) => url.hostname === "localhost" && !url.pathname.includes("SingleLogout"));
  expect("nobody here after the provider's own sign-out", !(await isIn(page)));
  await signIn(page);
  const ours = complaints.filter(isOurs);
  expect(`nothing in the console, not ${JSON.stringify(ours)}`, ours.length === 0);
  console.log("{}");
} catch (e) {
  console.error(String(e));
  process.exitCode = 1;
} finally {
  await browser.close();
}
