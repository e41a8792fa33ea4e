/** The parameters of Video > Join. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_BINARY_FIELD, DEFAULT_MAX_FILE_MEGABYTES } from './sharedFields';

export const JOIN = { resource: ['video'], operation: ['join'] };

export const joinProperties: INodeProperties[] = [
	{
		displayName: 'Clips From',
		name: 'clipSource',
		type: 'options',
		options: [
			{ name: 'Files of the Items', value: 'binary', description: 'Each item brings its clip as a file' },
			{ name: 'Links', value: 'url', description: 'Addresses from which n8n fetches the clips' },
		],
		default: 'binary',
		description: 'Where the clips are. They are joined in the order of the items.',
		displayOptions: { show: JOIN },
	},
	{
		displayName: 'Input Data Field Name',
		name: 'clipBinaryField',
		type: 'string',
		default: '',
		placeholder: `e.g. ${DEFAULT_BINARY_FIELD}`,
		hint: 'The name of the input binary field containing the clip',
		description: `Leave it empty for the only file of each item, or for "${DEFAULT_BINARY_FIELD}" where there are several. Several names with commas between them join several files of an item.`,
		displayOptions: { show: { ...JOIN, clipSource: ['binary'] } },
	},
	{
		displayName: 'Links',
		name: 'clipUrls',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/shot-1.mp4',
		description: 'One link per line, or an expression that gives a link or a list of links. No key is sent along.',
		displayOptions: { show: { ...JOIN, clipSource: ['url'] } },
	},
];

/** Each call makes new objects: n8n changes descriptions in place. */
export function joinOptions(): INodeProperties[] {
	return [
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. spring-ad.mp4',
			description: 'Name of the joined file; without it "joined", or the value of the column in Group By',
		},
		{
			displayName: 'Group By',
			name: 'groupBy',
			type: 'string',
			default: '',
			placeholder: 'e.g. title',
			description:
				'Name of a column: items with the same value in it become one video. Without it all items become one video.',
		},
		{
			displayName: 'Maximum File Size (MB)',
			name: 'maxFileSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: DEFAULT_MAX_FILE_MEGABYTES,
			description: 'No larger clip is fetched, and no larger video is made',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryField',
			type: 'string',
			default: DEFAULT_BINARY_FIELD,
			hint: 'The name of the output binary field to put the file in',
			description: 'Name of the output field for the joined video',
		},
	];
}
