/** Variables of the environment by which other programs find buckets. */

/** The first of some variables that is set and may be read. */
export function variable(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const mayRead = Deno.permissions.querySync({ name: "env", variable: name }).state === "granted";
    const value = mayRead && Deno.env.get(name);
    if (value) return value;
  }
}

/** The address of the server that has the buckets; `undefined` for Amazon's. */
export function bucketEndpoint(): string | undefined {
  return variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
}
