// Two versions are compared without a value, the former one is brought back, the other one is destroyed.
import { need, visit } from "./visit.mjs";

await visit("max", async ({ page, script, go, see, expect, submit, follow, look }) => {
  const [secret, name] = [`/secrets/${need("JOURNEY_SECRET")}`, need("JOURNEY_NAME")];
  const menu = async (number) => {
    await page.locator(`summary[aria-label="Actions on version ${number}"]`).click();
    return page.locator(`details:has(summary[aria-label="Actions on version ${number}"])`);
  };
  await go(secret);
  await follow(page.locator(".tabs a", { hasText: "Versions" }));
  await look("versions");
  await follow((await menu(1)).getByText("Compare with current"));
  await see("The two values differ");
  await look("compare");
  await page.fill("#q-left", "2");
  if (script) await page.keyboard.press("Tab");
  else await submit(`${secret}/versions/compare`);
  await page.locator("main").getByText("One and the same version").waitFor();
  expect("the choice in the address", page.url().includes("left=2"));
  await go(`${secret}/versions`);
  await follow((await menu(1)).getByText("Bring back"));
  await page.fill("#f-reason", "the new one does not work");
  await look("restore");
  await submit(`${secret}/versions/1/restore`);
  expect("the rotation's page", /\/rotations\/\d+$/.test(new URL(page.url()).pathname));
  await see("Version 3 is in force everywhere");
  await go(`${secret}/versions/compare?left=1&right=3`);
  await see("The two values are equal");
  await look("equal");
  await go(`${secret}/versions`);
  await follow((await menu(2)).getByText("Destroy"));
  await see("cannot be undone");
  await page.fill("#f-reason", "it leaked");
  await page.fill("#f-confirm", "something else");
  await submit(`${secret}/versions/2/destroy`);
  await see("Not destroyed");
  await look("destroy-refused");
  await page.fill("#f-confirm", name);
  await submit(`${secret}/versions/2/destroy`);
  await see("Nobody can open that version any more");
  await look("destroyed");
  console.log("compared, brought back, destroyed");
});
