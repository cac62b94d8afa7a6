/** The bytes that Base64 stands for. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
