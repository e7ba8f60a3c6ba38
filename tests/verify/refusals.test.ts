import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NEEDED_OUTPUTS, outputsOf } from '../../lib/adapters/aws/verify/outputs.ts';
import { bodyOf, type Listening, listen } from '../aws/emulators/listen.ts';
import { synthesizedOnce } from '../stacks/synthesized.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/verify-aws.ts', import.meta.url));

/** CloudFormation of an account, which notes what it is asked. */
let service: Listening;
const asked: string[] = [];
/** Stacks that are there beside the bootstrap's. */
let deployed: string[] = [];

beforeAll(async () => {
  service = await listen(async (request, response) => {
    const form = new URLSearchParams((await bodyOf(request)).toString());
    const [action, name] = [form.get('Action')!, form.get('StackName')!];
    asked.push(`${action} ${name}`);
    const isThere = name === 'CDKToolkit' || deployed.includes(name);
    const found =
      action === 'DescribeStacks'
        ? '<Stacks><member><StackId>arn:aws:cloudformation:eu-central-1:999999999999:stack/CDKToolkit/1</StackId><StackName>CDKToolkit</StackName><CreationTime>2025-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>'
        : '<StackResources><member><LogicalResourceId>Lake</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><PhysicalResourceId>a-lake</PhysicalResourceId></member></StackResources>';
    response.writeHead(isThere ? 200 : 400, { 'content-type': 'text/xml' });
    response.end(
      isThere
        ? `<${action}Response><${action}Result>${found}</${action}Result></${action}Response>`
        : `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
    );
  });
});
afterAll(() => service.close());

const verify = (...words: string[]) =>
  new Promise<{ code: number; stderr: string }>((resolve) => {
    const env = {
      ...process.env,
      NODE_NO_WARNINGS: '1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_CLOUDFORMATION: service.url,
    };
    execFile(process.execPath, ['--import', 'tsx', PROGRAM, ...words], { env }, (error, _, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stderr }),
    );
  });

describe('verify:aws makes nothing', () => {
  test('without an account that is named', async () => {
    const { code, stderr } = await verify();
    expect([code, stderr.trim()]).toEqual([
      1,
      'verify:aws: Name the throw-away account: --account 123456789012. Without one there is --dry-run',
    ]);
    expect((await verify('--account', '12')).stderr).toContain('It must be 12 digits.');
    expect((await verify('--stage', 'Prod-1')).stderr).toContain('at most 12 lower case letters');
    expect(asked).toEqual([]);
  });

  test('with credentials of another account', async () => {
    const { code, stderr } = await verify('--account', '111122223333');
    expect(code).toBe(1);
    expect(stderr).toContain('The credentials are of account 999999999999, not of 111122223333.');
    expect(asked.splice(0)).toEqual(['DescribeStacks CDKToolkit']);
  });

  test('where a deployment of the stage is there, which it would destroy', async () => {
    deployed = ['Ropo-verify-Ingest'];
    const { code, stderr } = await verify('--account', '999999999999');
    expect(code).toBe(1);
    expect(stderr).toContain('There is a deployment "verify" already, with the bucket a-lake.');
    expect(asked.every((one) => one.startsWith('Describe'))).toBe(true);
  });
});

describe('the stacks as they are', () => {
  test('tell of all that the check needs', () => {
    const { templates } = synthesizedOnce({ stage: 'verify' });
    const outputs = Object.fromEntries(
      Object.keys(NEEDED_OUTPUTS).map((part) => {
        const { Outputs = {} } = templates[part] as { Outputs?: Record<string, unknown> };
        return [`Ropo-verify-${part}`, Object.fromEntries(Object.keys(Outputs).map((key) => [key, key]))];
      }),
    );
    expect(outputsOf(outputs, 'verify').BuildMachineArn).toBe('BuildMachineArn');
  });
});
