/** Reads XML (428 kB unpacked, ISC, no dependency). */
export { parseXml, XmlElement } from "npm:@rgrove/parse-xml@5.0.0";
