/** What operations that list something have in common. */
import type { INodeProperties } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../providers';

type Shown = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;

export function limitProperty(displayOptions: INodeProperties['displayOptions']): INodeProperties {
	return {
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions,
	};
}

/** Return All, and a limit without it. */
export function returnAllProperties(show: Shown): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		limitProperty({ show: { ...show, returnAll: [false] } }),
	];
}

/** Of lists of the account. */
export function includeMidjourneyOption(): INodeProperties {
	return {
		displayName: 'Include Midjourney',
		name: 'includeMidjourney',
		type: 'boolean',
		default: true,
		description: 'Whether to read the list of Midjourney tasks as well, which CometAPI keeps apart',
	};
}

/** Each call makes new objects: n8n changes descriptions in place. */
export function providerChoices() {
	return VIDEO_PROVIDERS.map(({ id, displayName }) => ({ name: displayName, value: id }));
}
