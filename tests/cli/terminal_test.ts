import { assertStrictEquals } from "@std/assert";
import { escapeControls } from "../../cli/terminal.ts";

Deno.test("control characters and turns of direction are shown, everything else is left as it is", () => {
  assertStrictEquals(
    escapeControls("a\x1b[2Jb\nc\td\r\x00\x9b31m"),
    "a\\x1b[2Jb\\nc\\td\\r\\x00\\x9b31m",
  );
  assertStrictEquals(escapeControls("gpj.\u202egnp\u2066x\u2028"), "gpj.\\u202egnp\\u2066x\\u2028");
  for (const text of ["", "Größe – «é» 犬 🐕 e\u0301", "C:\\new \\x1b"]) {
    assertStrictEquals(escapeControls(text), text);
  }
});
