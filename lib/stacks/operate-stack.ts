import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { alarmList, comparisonOf, runbookOf, type Watched } from './alarm-list.ts';
import { dashboard } from './dashboard.ts';
import type { Deployment } from './deployment.ts';
import type { RopoStackProps } from './ingest-stack.ts';

export interface OperateStackProps extends RopoStackProps, Omit<Watched, 'deployment'> {}

/** What tells people that something is the matter: alarms, the dashboard, the budget. */
export class OperateStack extends Stack {
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: OperateStackProps) {
    super(scope, id, props);
    const { deployment } = props;
    this.topic = this.#topic(props);
    const action = new SnsAction(this.topic);
    this.alarms = alarmList(props).map((its) => {
      const alarm = new Alarm(this, its.name, {
        alarmName: `ropo-${deployment.stage}-${its.name}`,
        alarmDescription: `${its.says}. What to do: docs/runbooks/${runbookOf(its)}.md`,
        metric: its.metric,
        threshold: its.threshold,
        evaluationPeriods: its.periods ?? 1,
        ...comparisonOf(its),
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    const page = dashboard(this, 'Dashboard', props);
    this.#budget(deployment);

    new CfnOutput(this, 'AlarmsTopicArn', {
      description: 'Alarms and the budget write here',
      value: this.topic.topicArn,
    });
    new CfnOutput(this, 'DashboardName', { value: page.dashboardName });
  }

  #topic({ deployment, ingest }: OperateStackProps): Topic {
    const topic = new Topic(this, 'Topic', {
      displayName: `ropo ${deployment.stage}`,
      masterKey: ingest.key,
      enforceSSL: true,
    });
    for (const [service, from] of [
      [
        'cloudwatch',
        `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:ropo-${deployment.stage}-*`,
      ],
      ['budgets', `arn:${Aws.PARTITION}:budgets::${Aws.ACCOUNT_ID}:*`],
    ] as const)
      topic.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
            ArnLike: { 'aws:SourceArn': from },
          },
        }),
      );
    if (deployment.alarmsAddress !== null) {
      const subscription = topic.addSubscription(new EmailSubscription(deployment.alarmsAddress));
      acknowledge(subscription, {
        'Serverless-SNSRedrivePolicy':
          'A mail that cannot be delivered is of use to nobody later: the alarm itself stays in CloudWatch until its cause is gone',
      });
    }
    return topic;
  }

  /** Writes when the month has cost most of what it may, and when it is going to cost more. */
  #budget({ stage, monthlyBudget }: Deployment): void {
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
      },
      subscribers: [{ subscriptionType: 'SNS', address: this.topic.topicArn }],
    });
    const budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `ropo-${stage}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyBudget, unit: 'USD' },
      },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('ACTUAL', 100), tell('FORECASTED', 100)],
    });
    budget.node.addDependency(this.topic);
  }
}
