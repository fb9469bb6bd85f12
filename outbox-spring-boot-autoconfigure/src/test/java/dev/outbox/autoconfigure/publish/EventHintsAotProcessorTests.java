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

package dev.outbox.autoconfigure.publish;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import dev.outbox.OutboxEvent;
import dev.outbox.autoconfigure.ForeignEvent;
import org.jmolecules.event.annotation.Externalized;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image keeps of the events of an application.
 */
class EventHintsAotProcessorTests {

	private static final ReflectionHintsPredicates REFLECTION = RuntimeHintsPredicates.reflection();

	private final GenericApplicationContext application = new GenericApplicationContext();

	@Test
	void propertiesOfEventsCanBeWritten() {
		RuntimeHints hints = process();
		assertThat(REFLECTION.onMethodInvocation(Placed.class, "orderId")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(Line.class, "item")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(Cancelled.class, "getReason")).accepts(hints);
	}

	@Test
	void anyMemberCanBeTheKey() {
		RuntimeHints hints = process();
		assertThat(REFLECTION.onMethodInvocation(Cancelled.class, "order")).accepts(hints);
		assertThat(REFLECTION.onFieldAccess(Cancelled.class, "order")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(OrderId.class, "value")).accepts(hints);
	}

	@Test
	void attributesOfAnnotationsThatMakeAnEventCanBeRead() {
		assertThat(REFLECTION.onMethodInvocation(Told.class, "key")).accepts(process());
	}

	@Test
	void recordsBehindAnAnnotatedInterfaceAreEvents() {
		assertThat(REFLECTION.onMethodInvocation(Paid.class, "amount")).accepts(process());
	}

	@Test
	void whatOtherLibrariesExternaliseIsAnEvent() {
		assertThat(REFLECTION.onMethodInvocation(Moved.class, "where")).accepts(process());
	}

	@Test
	void subclassesOfEventsAreEvents() {
		RuntimeHints hints = process();
		assertThat(REFLECTION.onMethodInvocation(CancelledAgain.class, "getTimes")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(Weighed.class, "getWeight")).accepts(hints);
	}

	@Test
	void aKeyCanBeInherited() {
		RuntimeHints hints = process();
		assertThat(REFLECTION.onFieldAccess(ParcelBase.class, "parcel")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(ParcelBase.class, "parcel")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(ForeignEvent.class, "order")).accepts(hints);
	}

	@Test
	void annotationsOfInterfacesOutsideThePackagesAreRead() {
		RuntimeHints hints = process();
		assertThat(REFLECTION.onMethodInvocation(Repeated.class, "text")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(ForeignEvent.Loud.class, "key")).accepts(hints);
	}

	@Test
	void whatIsExternalisedByAnInterfaceIsAnEvent() {
		RuntimeHints hints = process();
		assertThat(REFLECTION.onMethodInvocation(Renamed.class, "name")).accepts(hints);
	}

	@Test
	void aClassThatCannotBeLoadedIsLeftOut() {
		this.application.setClassLoader(new FilteredClassLoader(Moved.class));
		RuntimeHints hints = process();
		assertThat(REFLECTION.onType(Moved.class)).rejects(hints);
		assertThat(REFLECTION.onType(Placed.class)).accepts(hints);
	}

	@Test
	void nothingIsKeptOfOtherClasses() {
		assertThat(REFLECTION.onType(NoEvent.class)).rejects(process());
	}

	@Test
	void anApplicationWithoutPackagesHasNoHints() {
		RuntimeHints hints = generate();
		assertThat(REFLECTION.onType(Placed.class)).rejects(hints);
	}

	private RuntimeHints process() {
		AutoConfigurationPackages.register(this.application, getClass().getPackageName());
		return generate();
	}

	private RuntimeHints generate() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(getClass())), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(this.application, generation);
		return generation.getRuntimeHints();
	}

	@OutboxEvent(key = "orderId")
	record Placed(OrderId orderId, Line line) {
	}

	record OrderId(String value) {
	}

	record Line(String item) {
	}

	@Told(key = "order")
	static class Cancelled {

		private final String order = "o-1";

		String order() {
			return this.order;
		}

		public String getReason() {
			return "none";
		}

	}

	@OutboxEvent
	@Retention(RetentionPolicy.RUNTIME)
	@interface Told {

		String key();

	}

	@OutboxEvent
	sealed interface Payment permits Paid {

	}

	record Paid(int amount) implements Payment {
	}

	@Externalized("moves")
	record Moved(String where) {
	}

	static class CancelledAgain extends Cancelled {

		public int getTimes() {
			return 2;
		}

	}

	@OutboxEvent(key = "parcel")
	interface ParcelEvent {

	}

	abstract static class ParcelBase implements ParcelEvent {

		private final String parcel = "p-1";

		String parcel() {
			return this.parcel;
		}

	}

	static class Weighed extends ParcelBase {

		public int getWeight() {
			return 1;
		}

	}

	record Repeated(String text) implements ForeignEvent {
	}

	@Externalized("names")
	interface NameEvent {

	}

	record Renamed(String name) implements NameEvent {
	}

	record NoEvent(String text) {
	}

}
