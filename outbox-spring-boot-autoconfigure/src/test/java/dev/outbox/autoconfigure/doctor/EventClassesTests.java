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

package dev.outbox.autoconfigure.doctor;

import dev.outbox.OutboxEvent;
import dev.outbox.autoconfigure.OutboxProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class EventClassesTests {

	private final GenericApplicationContext application = new GenericApplicationContext();

	@Test
	void namesTheTypesOfTheClassesOfEvents() {
		assertThat(types()).containsExactlyInAnyOrder("lost", "parcel.weighed", "noted");
	}

	@Test
	void leavesOutAClassThatCannotBeLoaded() {
		this.application.setClassLoader(new FilteredClassLoader(ParcelWeighed.class));
		assertThat(types()).containsExactlyInAnyOrder("lost", "noted");
	}

	private Iterable<String> types() {
		AutoConfigurationPackages.register(this.application, getClass().getPackageName());
		this.application.refresh();
		OutboxProperties properties = new Binder(new MapConfigurationPropertySource()).bindOrCreate("outbox",
				OutboxProperties.class);
		return new EventClasses(properties.topology(), this.application).types();
	}

	@OutboxEvent
	static class Lost {

	}

	static class LostAgain extends Lost {

	}

	@OutboxEvent
	interface ParcelEvent {

	}

	abstract static class ParcelBase implements ParcelEvent {

	}

	static class ParcelWeighed extends ParcelBase {

	}

	@OutboxEvent
	abstract static class Noted {

	}

}
