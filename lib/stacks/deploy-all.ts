import { type App, Tags } from 'aws-cdk-lib';
import type { Deployment } from './deployment.ts';
import { IngestStack } from './ingest-stack.ts';
import { OperateStack } from './operate-stack.ts';
import { ServeStack } from './serve-stack.ts';
import { WarehouseStack } from './warehouse-stack.ts';

/** All stacks of a deployment, in the order that they are made. */
export interface AllStacks {
  ingest: IngestStack;
  warehouse: WarehouseStack;
  serve: ServeStack;
  operate: OperateStack;
}

/**
 * Describes everything that is deployed.
 * @param bundles folder with the bundle of each function
 */
export function deployAll(app: App, deployment: Deployment, bundles: string): AllStacks {
  const { stage, region, account } = deployment;
  const name = (part: string) => `Ropo-${stage}-${part}`;
  const props = {
    deployment,
    bundles,
    env: { region, ...(account === null ? {} : { account }) },
    // Without it nobody destroys what is kept by mistake.
    terminationProtection: deployment.removal === 'keep',
  };
  const ingest = new IngestStack(app, name('Ingest'), {
    ...props,
    description: `ropo ${stage}: what comes in`,
  });
  const warehouse = new WarehouseStack(app, name('Warehouse'), {
    ...props,
    ingest,
    description: `ropo ${stage}: builds`,
  });
  const serve = new ServeStack(app, name('Serve'), {
    ...props,
    ingest,
    warehouse,
    description: `ropo ${stage}: page and KPI API`,
  });
  const operate = new OperateStack(app, name('Operate'), {
    ...props,
    ingest,
    warehouse,
    serve,
    description: `ropo ${stage}: alarms`,
  });
  // Names of exports alone tie them together, which CDK does not see.
  warehouse.addStackDependency(ingest);
  serve.addStackDependency(warehouse);
  operate.addStackDependency(serve);
  // Budgets and dashboards take no tags of this kind.
  Tags.of(app).add('ropo', stage, {
    excludeResourceTypes: ['AWS::Budgets::Budget', 'AWS::CloudWatch::Dashboard'],
  });
  return { ingest, warehouse, serve, operate };
}
