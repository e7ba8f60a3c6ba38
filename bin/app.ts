import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { deployAll } from '../lib/stacks/deploy-all.ts';
import { deploymentOf } from '../lib/stacks/deployment.ts';
import { FEATURE_FLAGS, STRICT } from '../lib/stacks/feature-flags.ts';
import { FUNCTION_NAMES } from '../lib/stacks/function-environment.ts';
import { bundleFunctions } from './bundle-functions.ts';

/**
 * The app that the CDK deploys: `npx cdk synth`, `npx cdk deploy --all`. It needs neither an account nor Docker to say
 * what would be deployed, and says nothing where a template is not as CloudFormation wants it, or a rule is broken.
 */

const bundles = fileURLToPath(new URL('../dist/functions', import.meta.url));
const app = new App({ context: { ...FEATURE_FLAGS, ...STRICT } });
const deployment = deploymentOf((name) => app.node.tryGetContext(name));
await bundleFunctions(bundles, FUNCTION_NAMES);
deployAll(app, deployment, bundles);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
app.synth();
