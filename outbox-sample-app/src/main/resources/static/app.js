'use strict';

const SHOWN = 30;
const steps = ['storedAt', 'publishedAt', 'consumedAt'];
const rows = new Map();

const byId = (id) => document.getElementById(id);
const form = byId('order');

// Everything that comes from outside goes through textContent, which is never read as HTML.
const write = (element, text) => {
	if (element.textContent !== text) {
		element.textContent = text;
	}
};

async function place(order) {
	const response = await fetch('orders', {
		method: 'POST',
		headers: {'Content-Type': 'application/json'},
		body: JSON.stringify(order)
	});
	const body = await response.json();
	return {placed: response.ok, text: response.ok ? `Order ${body.id} is committed.` : (body.detail || `HTTP ${response.status}`)};
}

function order(overrides) {
	const data = new FormData(form);
	return {customer: data.get('customer'), item: data.get('item'), quantity: Number(data.get('quantity')), ...overrides};
}

async function placeAndTell(orders) {
	const answer = byId('answer');
	try {
		const results = await Promise.all(orders.map(place));
		const failed = results.find((result) => !result.placed);
		answer.className = failed ? 'bad' : 'good';
		write(answer, failed ? failed.text : (results.length === 1 ? results[0].text : `${results.length} orders are committed.`));
	}
	catch (error) {
		answer.className = 'bad';
		write(answer, 'The application does not answer.');
	}
	await refresh();
}

form.addEventListener('submit', (event) => {
	event.preventDefault();
	placeAndTell([order()]);
});
byId('many').addEventListener('click', () => placeAndTell(Array.from({length: 20}, (_, i) => order({quantity: i + 1}))));
byId('rollback').addEventListener('click', () => placeAndTell([order({quantity: 101})]));

// Instants carry more digits than a Date: keep the fraction of a second apart.
function millis(instant) {
	const fraction = /\.(\d+)/.exec(instant);
	const whole = Date.parse(instant.replace(/\.\d+/, ''));
	return whole + (fraction ? Number(`0.${fraction[1]}`) * 1000 : 0);
}

function clock(instant) {
	return new Date(millis(instant)).toLocaleTimeString('en-GB') + '.' + String(Math.floor(millis(instant) % 1000)).padStart(3, '0');
}

function duration(from, to) {
	const ms = Math.max(0, millis(to) - millis(from));
	return ms < 10 ? `+${ms.toFixed(1)} ms` : ms < 1000 ? `+${Math.round(ms)} ms` : `+${(ms / 1000).toFixed(1)} s`;
}

function text(journey) {
	try {
		const event = JSON.parse(journey.payload);
		return `${event.quantity} × ${event.item} for ${event.customer}`;
	}
	catch (error) {
		return '';
	}
}

function note(journey) {
	if (journey.consumptions > 1) {
		return `Arrived ${journey.consumptions} times with the same id: delivery is at least once.`;
	}
	if (!journey.publishedAt && journey.failures > 0) {
		return `${journey.failures} failed attempts. Last: ${journey.lastError}`;
	}
	return '';
}

function show(journey) {
	const row = rows.get(journey.id) || byId('event').content.firstElementChild.cloneNode(true);
	rows.set(journey.id, row);
	write(row.querySelector('.type'), journey.type);
	write(row.querySelector('.text'), text(journey));
	write(row.querySelector('.id'), journey.position ? `${journey.id} → ${journey.position}` : journey.id);
	let previous = null;
	for (const step of steps) {
		const cell = row.querySelector(`[data-step="${step}"]`);
		const at = journey[step];
		cell.classList.toggle('done', at !== null);
		write(cell.querySelector('.time'), at === null ? '' : previous ? duration(previous, at) : clock(at));
		previous = at || previous;
	}
	row.classList.toggle('failing', journey.failures > 0 && journey.publishedAt === null);
	write(row.querySelector('.note'), note(journey));
	row.querySelector('.note').hidden = note(journey) === '';
	return row;
}

function showAll(journeys) {
	const shown = journeys.slice(0, SHOWN);
	const list = byId('events');
	shown.forEach((journey, i) => {
		const row = show(journey);
		if (list.children[i] !== row) {
			list.insertBefore(row, list.children[i] || null);
		}
	});
	while (list.children.length > shown.length) {
		list.lastElementChild.remove();
	}
	const ids = new Set(shown.map((journey) => journey.id));
	[...rows.keys()].filter((id) => !ids.has(id)).forEach((id) => rows.delete(id));
	byId('empty').hidden = journeys.length > 0;
	for (const step of steps) {
		write(byId('total-' + step.replace('At', '')), String(journeys.filter((journey) => journey[step] !== null).length));
	}
}

async function refresh() {
	try {
		const response = await fetch('journeys', {cache: 'no-store'});
		showAll(await response.json());
		byId('offline').hidden = true;
	}
	catch (error) {
		byId('offline').hidden = false;
	}
}

async function poll() {
	if (!document.hidden) {
		await refresh();
	}
	setTimeout(poll, 300);
}

poll();
