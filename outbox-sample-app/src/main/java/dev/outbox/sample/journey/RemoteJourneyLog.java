/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.sample.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * The newest events, in the memory of another instance of the shop. Thread-safe.
 */
class RemoteJourneyLog implements JourneyLog, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RemoteJourneyLog.class);

	private final RestClient other;

	private final BlockingQueue<Step> waiting = new LinkedBlockingQueue<>(10_000);

	private final ExecutorService sender = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "journeys");
		thread.setDaemon(true);
		return thread;
	});

	RemoteJourneyLog(String url) {
		this.other = RestClient.create(url);
	}

	@Override
	public void add(List<Step> steps) {
		try {
			send(steps);
		}
		catch (RestClientException ex) {
			// Nobody looks at a page that its instance does not serve.
			logger.debug("Nobody writes down what happened to {} events", steps.size(), ex);
		}
	}

	private void send(List<Step> steps) {
		try {
			sendOnce(steps);
		}
		catch (ResourceAccessException ex) {
			// The other side closes a connection that has been idle, and may just have
			// done so. The client repeats no POST by itself.
			sendOnce(steps);
		}
	}

	private void sendOnce(List<Step> steps) {
		this.other.post()
			.uri("/journeys")
			.contentType(MediaType.APPLICATION_JSON)
			.body(steps)
			.retrieve()
			.toBodilessEntity();
	}

	@Override
	public void addSoon(Step step) {
		if (this.waiting.offer(step)) {
			this.sender.execute(this::sendWaiting);
		}
	}

	private void sendWaiting() {
		List<Step> steps = new ArrayList<>();
		this.waiting.drainTo(steps);
		if (!steps.isEmpty()) {
			add(steps);
		}
	}

	@Override
	public List<Journey> newestFirst() {
		List<Journey> journeys = this.other.get()
			.uri("/journeys")
			.retrieve()
			.body(new ParameterizedTypeReference<List<Journey>>() {
			});
		return (journeys != null) ? journeys : List.of();
	}

	@Override
	public void close() {
		this.sender.shutdown();
	}

}
