/**
 * n8n's functions take time with the square of the number of properties, of which a panel can show a tenth. Here n8n itself
 * says which, by the four fields that decide about the rest. The long run has all properties in every panel.
 */
import type { INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { atLength } from '../support/longRun';

export const DECIDING = ['resource', 'operation', 'provider', 'mode'];

type Conditions = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;

const plain = (name: string) => name.replace(/^\//, '');

function onDeciding(conditions: Conditions | undefined): Conditions | undefined {
	return (
		conditions && Object.fromEntries(Object.entries(conditions).filter(([name]) => DECIDING.includes(plain(name))))
	);
}

function dependenciesOf({ displayOptions: { show = {}, hide = {} } = {} }: INodeProperties): string[] {
	return [...Object.keys(show), ...Object.keys(hide)].map(plain);
}

/** Of one description; what has been worked out is kept. */
export class NarrowedProperties {
	private readonly deciding: INodeProperties[];
	private readonly known = new Map<string, INodeProperties[]>();

	/** @param properties those of the description that count */
	constructor(
		private readonly description: INodeTypeDescription,
		private readonly properties: readonly INodeProperties[] = description.properties,
	) {
		this.deciding = properties.filter(({ name }) => DECIDING.includes(name));
	}

	/**
	 * @param choices what somebody has chosen; fields that they lack have their defaults
	 * @returns in their order, the properties that such a panel can show, and those that n8n looks at to decide it
	 */
	of(choices: INodeParameters): INodeProperties[] {
		const node = { typeVersion: 1 };
		const chosen = NodeHelpers.getNodeParameters(this.deciding, choices, true, false, node, this.description) ?? {};
		const key = JSON.stringify(DECIDING.map((name) => chosen[name] ?? null));
		const known = this.known.get(key) ?? atLength(this.narrow(chosen), [...this.properties]);
		this.known.set(key, known);
		return known;
	}

	private narrow(chosen: INodeParameters): INodeProperties[] {
		const kept = new Set(this.properties.filter((property) => this.canBeShown(chosen, property)));
		// What is there once has its default even where it is not shown.
		for (const property of kept) {
			for (const name of dependenciesOf(property)) {
				const [only, ...others] = this.properties.filter((other) => other.name === name);
				if (only !== undefined && others.length === 0) kept.add(only);
			}
		}
		// What is there several times has none: n8n must see that it is, so one that is not shown stays.
		const names = [...kept].map(({ name }) => name);
		for (const name of names) {
			const twin = this.properties.find((other) => other.name === name && !kept.has(other));
			if (twin) kept.add(twin);
		}
		return this.properties.filter((property) => kept.has(property));
	}

	private canBeShown(chosen: INodeParameters, property: INodeProperties): boolean {
		const { show, hide } = property.displayOptions ?? {};
		const displayOptions = { show: onDeciding(show), hide: onDeciding(hide) };
		return NodeHelpers.displayParameter(chosen, { ...property, displayOptions }, { typeVersion: 1 }, this.description);
	}
}
