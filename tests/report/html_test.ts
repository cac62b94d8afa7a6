import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { parseHTML } from "../../deps/linkedom.ts";
import { escapeText, html, nameOf, trusted } from "../../report/html.ts";

Deno.test("values are escaped, HTML is not, lists are joined", () => {
  const list = ["<i>", html`<b>${"&"}</b>`, 3, undefined];
  assertStrictEquals(
    html`<p title="${`"'`}">${list}</p>`.text,
    '<p title="&quot;&#39;">&lt;i&gt;<b>&amp;</b>3</p>',
  );
  assertStrictEquals(html`${trusted("<hr>")}`.text, "<hr>");
  assertStrictEquals(escapeText("a\x00b\x1bc\ud800"), "a\ufffdb\ufffdc\ufffd");
});

Deno.test("any name comes out of the page as it went in, between tags and in attributes", () => {
  const names = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.stringMatching(/^[<>"'&/=a-z \-!;]{0,30}$/),
    fc.constantFrom("</bdi><script>alert(1)</script>", '" onerror="alert(1)', "&lt;", "<!--"),
  );
  fc.assert(
    fc.property(names, (name) => {
      const page = html`
        <html>
          <body>
            <p title="${name}">${nameOf(name)}</p>
          </body>
        </html>
      `.text;
      const { document } = parseHTML(page) as unknown as {
        document: {
          querySelectorAll(selector: string): { getAttribute(name: string): string }[];
          querySelector(selector: string): { textContent: string };
        };
      };
      assertEquals(
        document.querySelector("bdi").textContent,
        // deno-lint-ignore no-control-regex
        name.replaceAll(/[\x00-\x08\x0b-\x1f\x7f]/g, "\ufffd"),
      );
      assertStrictEquals(document.querySelectorAll("body *").length, 2);
      assertStrictEquals(
        document.querySelectorAll("p")[0].getAttribute("title").length,
        name.length,
      );
    }),
    { numRuns: 300 },
  );
});
