import { type CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';

/** Names of the buckets of some stacks; of a stack that is not there, none. */
export async function bucketsOf(client: CloudFormationClient, stacks: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const StackName of stacks) {
    try {
      const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName }));
      for (const { ResourceType, PhysicalResourceId } of StackResources)
        if (ResourceType === 'AWS::S3::Bucket' && PhysicalResourceId) names.push(PhysicalResourceId);
    } catch (error) {
      if (!(error as Error).message.includes('does not exist')) throw error;
    }
  }
  return names;
}

/** Takes every object out of a bucket, all versions of it: CloudFormation deletes no bucket that holds any. */
export async function emptyBucket(s3: S3Client, bucket: string): Promise<number> {
  let taken = 0;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return taken;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors.length > 0)
      throw new Error(`${bucket} keeps ${Errors.length} objects: ${Errors[0]!.Code}, ${Errors[0]!.Message}`);
    taken += Objects.length;
  }
}
