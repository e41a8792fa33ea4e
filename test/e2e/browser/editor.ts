/**
 * n8n's editor in a headless Chromium, signed in as the owner. Elements are found by n8n's own `data-test-id`; a new version
 * of n8n that renames one is adapted to here.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { readSharedN8n, type SharedN8n } from '../sharedN8n';
import { provideChromium } from './provideChromium';

/** Of the window, in pixels. */
export interface Part {
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface EditorOptions {
	width?: number;
	/** A tall window shows a whole panel without scrolling. */
	height?: number;
	/** Default: the n8n of the test run. */
	n8n?: Pick<SharedN8n, 'baseUrl' | 'sessionCookie'>;
}

/** As a container or a root shell needs it; nothing is fetched but what n8n serves. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
/** The machine may be busy, and the editor's first load is large. */
const TIMEOUT_MS = 30_000;
/** Of a workflow with videos, waits included. */
export const RUN_MS = 90_000;
const PARAMETER = '[data-test-id="parameter-item"]';
const SECTION_PADDING = 16;

export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly baseUrl: string,
	) {}

	static async open({ width = 1400, height = 1000, n8n = readSharedN8n() }: EditorOptions = {}): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: await provideChromium(), args: FLAGS, headless: true });
		const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
		const [name, value] = n8n.sessionCookie.split('=');
		await context.addCookies([{ name, value, url: n8n.baseUrl }]);
		const page = await context.newPage();
		page.setDefaultTimeout(TIMEOUT_MS);
		return new Editor(browser, page, n8n.baseUrl);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** An element by n8n's own name for it. */
	element(testId: string, within: Page | Locator = this.page): Locator {
		return within.locator(`[data-test-id="${testId}"]`);
	}

	async openPath(path: string): Promise<void> {
		await this.page.goto(`${this.baseUrl}${path}`);
	}

	async openNewWorkflow(): Promise<void> {
		await this.openPath('/workflow/new');
		await this.element('canvas-wrapper').waitFor();
	}

	/** Ready when the nodes are on the canvas. */
	async openWorkflow(id: string): Promise<void> {
		await this.openPath(`/workflow/${id}`);
		await this.element('canvas-node').first().waitFor();
	}

	async openPicker(): Promise<void> {
		await this.element('node-creator-plus-button').click();
	}

	/** In the picker that is open. */
	async searchInPicker(search: string): Promise<void> {
		await this.element('node-creator-search-bar').fill(search);
	}

	/** Opens the node picker and searches, as far as the list of what the node can do. @returns the text of that list, by lines */
	async findInPicker(search: string, nodeDisplayName: string): Promise<string[]> {
		const picker = this.element('node-creator');
		await this.openPicker();
		await this.searchInPicker(search);
		await picker.getByText(nodeDisplayName, { exact: true }).click();
		await picker.getByText('Node details').waitFor();
		return (await picker.innerText()).split('\n').filter((line) => line.trim() !== '');
	}

	/** Counts from now on how often the mouse is pressed in this page. */
	async countClicks(): Promise<() => Promise<number>> {
		await this.page.evaluate(
			`addEventListener('mousedown', () => { window.clicks = (window.clicks ?? 0) + 1; }, true)`,
		);
		return async () => Number(await this.page.evaluate('window.clicks ?? 0'));
	}

	/** From a picker's list. Opens the new node's panel where the picker does. */
	async pick(label: string): Promise<void> {
		await this.element('node-creator').getByText(label, { exact: true }).click();
	}

	/** The Execute workflow button of the canvas. */
	async execute(): Promise<void> {
		await this.element('execute-workflow-button').click();
	}

	/** Until the open node shows a file: a run with its waits takes longer than anything that the editor does itself. */
	async waitForFile(): Promise<void> {
		const file = this.element('ndv-view-binary-data');
		await file.waitFor({ timeout: RUN_MS }).catch(async (error: unknown) => {
			throw new Error(`The open node shows no file, but: ${await this.output.innerText()}`, { cause: error });
		});
	}

	/** Where the open node shows what it has put out. */
	get output(): Locator {
		return this.element('output-panel');
	}

	/** The dialog of a credential. */
	get credentialDialog(): Locator {
		return this.element('editCredential-modal');
	}

	nodeOnCanvas(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** The panel of a node that the canvas shows. */
	async openNode(name: string): Promise<void> {
		await this.nodeOnCanvas(name).dblclick();
		await this.parameterItems.first().waitFor();
	}

	async closeNode(): Promise<void> {
		await this.element('ndv-close-button').click();
		await this.panel.waitFor({ state: 'detached' });
	}

	/** The open node's parameters. */
	get panel(): Locator {
		return this.element('node-parameters');
	}

	/** The parameters that are to be seen, in their order; neither those of the tab Settings nor those inside of others. */
	get parameterItems(): Locator {
		return this.panel.locator(`${PARAMETER}:not(${PARAMETER} ${PARAMETER}):visible`);
	}

	parameter(name: string): Locator {
		return this.element(`parameter-input-${name}`, this.panel);
	}

	/** Chooses from a drop-down list by the text that a person reads. */
	async choose(parameterName: string, label: string): Promise<void> {
		await this.parameter(parameterName).click();
		// An option's own name has its description in it.
		const options = this.page.getByRole('option').locator('visible=true');
		await options
			.filter({ has: this.page.getByText(label, { exact: true }) })
			.first()
			.click();
	}

	/** The text of a drop-down list or a text field. */
	async readValue(parameterName: string): Promise<string> {
		return await this.field(parameterName).inputValue();
	}

	/** Chooses from a list that can be searched, by a part of what it shows. */
	async chooseFromSearchableList(parameterName: string, label: string): Promise<void> {
		await this.element('rlc-input', this.parameter(parameterName)).click();
		await this.element('rlc-item').filter({ hasText: label }).first().click();
	}

	/** Where a text or a number is typed. */
	field(parameterName: string): Locator {
		return this.parameter(parameterName).locator('input, textarea').last();
	}

	/** What the last collection of the panel offers behind its button, e.g. "Add Option"; none when it has no collection. */
	async readOffered(): Promise<string[]> {
		const button = this.element('collection-parameter-add', this.panel).last();
		if (!(await button.isVisible())) return [];
		const offered = this.page.getByRole('option').locator('visible=true');
		await button.click();
		await offered.first().waitFor();
		const labels = await offered.allInnerTexts();
		await button.click();
		await offered.first().waitFor({ state: 'hidden' });
		return labels.map((label) => label.split('\n')[0].trim());
	}

	/** Closes what n8n reports in the corner, and moves the mouse where it shows no hint. */
	async closeNotifications(): Promise<void> {
		const notifications = this.page.locator('.el-notification');
		for (const notification of await notifications.all())
			await notification.locator('.el-notification__closeBtn').click();
		await notifications.first().waitFor({ state: 'detached' });
		await this.page.mouse.move(0, 0);
		await this.page.getByRole('tooltip').locator('visible=true').first().waitFor({ state: 'hidden' });
	}

	/** The panel's column from the tabs down to the last parameter. */
	async takePanelPicture(file: string): Promise<void> {
		const column = await boxOf(this.panel);
		const last = await boxOf(this.parameterItems.last());
		const clip = { ...column, height: last.y + last.height + SECTION_PADDING - column.y };
		await this.takePicture(file, clip);
	}

	/** The part of the window that has all these elements. @param margin pixels */
	async boxAround(elements: Locator, margin = 0): Promise<Part> {
		const boxes = await Promise.all((await elements.all()).map(boxOf));
		const x = Math.min(...boxes.map((box) => box.x)) - margin;
		const y = Math.min(...boxes.map((box) => box.y)) - margin;
		const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
		const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
		return { x, y, width: right - x, height: bottom - y };
	}

	async takePicture(file: string, clip?: Part): Promise<void> {
		mkdirSync(dirname(file), { recursive: true });
		await this.page.screenshot({ path: file, clip, animations: 'disabled', caret: 'hide' });
	}
}

async function boxOf(element: Locator): Promise<Part> {
	const box = await element.boundingBox();
	if (!box) throw new Error('An element of the panel is not to be seen');
	return box;
}
