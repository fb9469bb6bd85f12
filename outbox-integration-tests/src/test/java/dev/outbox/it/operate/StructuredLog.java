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

package dev.outbox.it.operate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

import static org.awaitility.Awaitility.await;

/**
 * What a logger writes with {@code logging.structured.format.console=ecs}.
 */
final class StructuredLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger;

	private final StructuredLogEncoder encoder = new StructuredLogEncoder();

	private final List<JsonNode> lines = new CopyOnWriteArrayList<>();

	private final @Nullable Level level;

	private StructuredLog(String logger) {
		this.logger = (Logger) LoggerFactory.getLogger(logger);
		this.level = this.logger.getLevel();
		LoggerContext context = new LoggerContext();
		context.putObject(Environment.class.getName(), new StandardEnvironment());
		setContext(context);
		this.encoder.setContext(context);
		this.encoder.setFormat("ecs");
		this.encoder.setCharset(StandardCharsets.UTF_8);
		this.encoder.start();
	}

	/**
	 * Starts to read what a logger writes, with all details.
	 */
	static StructuredLog of(String logger) {
		StructuredLog log = new StructuredLog(logger);
		log.start();
		log.logger.setLevel(Level.DEBUG);
		log.logger.addAppender(log);
		return log;
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.lines.add(JsonMapper.shared().readTree(this.encoder.encode(event)));
	}

	/**
	 * Returns the first line about an event whose message contains a text.
	 */
	JsonNode line(String event, String text) {
		return await().atMost(Duration.ofSeconds(30))
			.until(() -> this.lines.stream()
				.filter((line) -> line.at("/event_id").asString().equals(event))
				.filter((line) -> line.at("/message").asString().contains(text))
				.findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	@Override
	public String toString() {
		return this.lines.toString();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setLevel(this.level);
		this.encoder.stop();
	}

}
