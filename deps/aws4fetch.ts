/** Signs requests to S3 (96 kB unpacked, MIT). */
export { AwsClient } from "npm:aws4fetch@1.0.20";
