// An import: what has to be mended, a file that is discarded, a pasted text that goes in, and how the copies fare afterwards.
import { visit, need } from "./visit.mjs";

const name = need("JOURNEY_NAME");
const to = need("JOURNEY_LABEL");

await visit("max", async ({ page, go, text, see, expect, submit, follow, look }) => {
  await go("/secrets");
  await follow(page.locator('a[href="/secrets/import"]').first());
  await look("form");
  await page.selectOption("#f-environment_id", { label: to });
  await page.fill("#f-pasted", `${name}-one=first\nbroken line\n${name}-one=again\n`);
  await submit("/secrets/import");
  await see("3 rows cannot be imported");
  await see("line 2");
  await look("mend");
  await follow(page.locator('a[href^="/secrets/import?"]', { hasText: "Upload another file" }).first());
  await page.setInputFiles("#f-file", { name: "secrets.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify({ [`${name}-file`]: " from a file \r\n" })) });
  await submit("/secrets/import");
  await see("Make 1 secret");
  expect("no value on the page", !(await page.content()).includes("from a file"));
  await look("preview");
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/discard"] button').click()]);
  await see("Nothing was imported");
  await go("/secrets/import");
  await page.selectOption("#f-environment_id", { label: to });
  await page.fill("#f-pasted", `${name}-one='two\nlines '\n${name}-two=second\nshared=${name}\n`);
  await submit("/secrets/import");
  await see("3 rows");
  await page.fill("#f-reason", "a journey");
  await submit(new URL(page.url()).pathname);
  expect("what was done", /2 secrets made, 1 changed|3 secrets made/.test(await text()));
  await look("done");
  console.log("mended, discarded, imported");
});
