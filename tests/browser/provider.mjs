// A sign-in through a company's identity provider, whichever it is: Keeper's link, a form with a name and a password, and one
// that carries the answer back to Keeper, by its script or by its button.
import { expect } from "./browser.mjs";

export const signInThrough = async (page, base, { name, password, script }) => {
  await page.locator('a[href^="/saml/login"]').first().click();
  await page.waitForURL((url) => url.hostname === "localhost");
  // The answer comes from another site: a cookie that does not travel with it is of no use.
  const [cookie] = (await page.context().cookies()).filter((c) => c.name === "keeper-saml" && c.domain === new URL(base).hostname);
  expect(`a cookie for the way back, not ${JSON.stringify(cookie)}`, cookie?.sameSite === "None" && cookie.secure && cookie.httpOnly);
  await page.fill("#username", name);
  await page.fill("#password", password);
  await page.locator("form:has(#password) button[type=submit]").first().click();
  if (!script) await page.locator("form:has(input[name=SAMLResponse]) button[type=submit]").first().click();
  await page.waitForURL((url) => url.origin === base && url.pathname !== "/saml/login");
};

// What the providers' own pages complain of is theirs.
export const isOurs = (complaint) => !/^\/(simplesaml\/|saml\/sso)/.test(complaint);
