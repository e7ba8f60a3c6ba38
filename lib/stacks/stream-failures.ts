import type { Role } from 'aws-cdk-lib/aws-iam';
import type {
  DlqDestinationConfig,
  IEventSourceDlq,
  IEventSourceMapping,
  IFunction,
} from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { allow } from './allow.ts';
import { LAKE } from './lake.ts';

/**
 * Records of the stream that no try could store lie whole in the lake. The function's role may put them there and
 * nothing else: the destination of aws-cdk-lib would let it read and delete the whole bucket.
 */
export class StreamFailures implements IEventSourceDlq {
  readonly #bucket: Bucket;
  readonly #role: Role;

  constructor(bucket: Bucket, role: Role) {
    this.#bucket = bucket;
    this.#role = role;
  }

  bind(_target: IEventSourceMapping, _handler: IFunction): DlqDestinationConfig {
    allow(this.#role, {
      actions: ['s3:PutObject'],
      resources: [`${this.#bucket.bucketArn}/${LAKE.unstored}/*`],
      because: 'Lambda names the objects itself, below this prefix',
    });
    // Lambda asks for it when the mapping is made, and names no prefix then. It shows names of objects, not what they hold.
    allow(this.#role, { actions: ['s3:ListBucket'], resources: [this.#bucket.bucketArn] });
    return { destination: this.#bucket.bucketArn };
  }
}
