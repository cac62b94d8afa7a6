/** Zip archives; without its web workers. */
export * from "npm:@zip.js/zip.js@2.24.0/lib/zip-core-custom.js";
