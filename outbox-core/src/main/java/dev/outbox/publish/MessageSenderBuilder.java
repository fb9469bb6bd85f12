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

package dev.outbox.publish;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.PayloadSerializer;
import dev.outbox.payload.RawPayloadSerializer;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link TransportMessageSender} together where no application context does it.
 * What is not set is as with Spring Boot; objects are written as JSON where Jackson 3 is
 * on the class path. Not thread-safe.
 */
public final class MessageSenderBuilder {

	private static final long MAX_PAYLOAD_SIZE = 1L << 20;

	private final List<OutboxTransport> transports;

	private final Map<String, WriteSettings.Route> routes = new HashMap<>();

	private DestinationSettings destinations = DestinationSettings.defaults();

	private @Nullable String transport;

	private HeaderSettings headers = HeaderSettings.defaults("application");

	private EventTypes types = new EventTypes();

	private OutboxRouting routing = OutboxRouting.none();

	private PayloadSerializer serializer = RawPayloadSerializer.withDefaults();

	private TraceContext trace = (eventType, destination) -> Map.of();

	private long maxPayloadSize = MAX_PAYLOAD_SIZE;

	private SendSettings settings = SendSettings.DEFAULTS;

	MessageSenderBuilder(OutboxTransport transport, OutboxTransport... others) {
		this.transports = new ArrayList<>(List.of(others));
		this.transports.add(0, transport);
	}

	/**
	 * Sets where the messages come from, for {@code ce_source}; by default
	 * {@code application}.
	 */
	public MessageSenderBuilder source(String source) {
		return headers(new HeaderSettings(source, this.headers.cloudEvents(), this.headers.identity(),
				this.headers.version(), this.headers.aggregate(), this.headers.correlation(), this.headers.xTrace(),
				this.headers.style()));
	}

	/**
	 * Sets which headers are added, and where the messages come from.
	 */
	public MessageSenderBuilder headers(HeaderSettings headers) {
		this.headers = headers;
		return this;
	}

	/**
	 * Sets the transport of messages whose route names none. Needed only if there are
	 * several.
	 */
	public MessageSenderBuilder transport(String transport) {
		this.transport = transport;
		return this;
	}

	/**
	 * Sets where messages of a type go.
	 */
	public MessageSenderBuilder route(String eventType, String destination) {
		this.routes.put(eventType, new WriteSettings.Route(destination, null));
		return this;
	}

	/**
	 * Sets how messages find a destination that nothing names.
	 */
	public MessageSenderBuilder destinations(DestinationSettings destinations) {
		this.destinations = destinations;
		return this;
	}

	/**
	 * Sets the names of events.
	 */
	public MessageSenderBuilder types(EventTypes types) {
		this.types = types;
		return this;
	}

	/**
	 * Sets the rules that route messages.
	 */
	public MessageSenderBuilder routing(OutboxRouting routing) {
		this.routing = routing;
		return this;
	}

	/**
	 * Sets how payloads become bytes.
	 */
	public MessageSenderBuilder serializer(PayloadSerializer serializer) {
		this.serializer = serializer;
		return this;
	}

	/**
	 * Sets what gives each message the trace in which it is sent.
	 */
	public MessageSenderBuilder trace(TraceContext trace) {
		this.trace = trace;
		return this;
	}

	/**
	 * Sets the size in bytes above which a payload is refused; by default 1 MB.
	 */
	public MessageSenderBuilder maxPayloadSize(long bytes) {
		this.maxPayloadSize = bytes;
		return this;
	}

	/**
	 * Sets the time within which each message has its outcome; by default 30 s.
	 */
	public MessageSenderBuilder publishTimeout(Duration timeout) {
		this.settings = new SendSettings(timeout, this.settings.shutdownTimeout(), this.settings.maxEvents(),
				this.settings.maxBytes());
		return this;
	}

	/**
	 * Sets the time that open sends have when the sender is closed; by default 20 s.
	 */
	public MessageSenderBuilder shutdownTimeout(Duration timeout) {
		this.settings = new SendSettings(this.settings.publishTimeout(), timeout, this.settings.maxEvents(),
				this.settings.maxBytes());
		return this;
	}

	/**
	 * Sets how many messages are on their way at most for each transport, by default
	 * 10,000, and the size of their payloads in bytes, by default 64 MB.
	 */
	public MessageSenderBuilder maxInFlight(int events, long bytes) {
		this.settings = new SendSettings(this.settings.publishTimeout(), this.settings.shutdownTimeout(), events,
				bytes);
		return this;
	}

	/**
	 * Makes the sender.
	 * @return the sender, which does not close its transports
	 */
	public TransportMessageSender build() {
		WriteSettings write = new WriteSettings(this.maxPayloadSize, this.transport,
				this.transports.stream().map(TransportCapabilities::of).toList(), this.routes, this.headers,
				this.destinations);
		Clock clock = Clock.systemUTC();
		OutboxRecordFactory records = new OutboxRecordFactory(this.types, this.routing, this.serializer, write,
				this.trace, IdGenerator.uuidV7(), clock);
		return new TransportMessageSender(this.transports, records, this.settings, clock);
	}

}
