"""What the bot of the recordings does; only the reference runs it."""
import datetime
from rasa_sdk import Action, FormValidationAction, ValidationAction
from rasa_sdk.events import (ActionReverted, FollowupAction, ReminderScheduled, ReminderCancelled, SlotSet, UserUttered,
    ActionExecuted, ConversationPaused, ConversationResumed, AllSlotsReset, ActiveLoop)
from rasa_sdk.interfaces import ActionExecutionRejection


class Run(Action):
    def name(self): return "action_run"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="one")
        dispatcher.utter_message(response="utter_value", value=5.0, extra="kept")
        dispatcher.utter_message(response="utter_missing")
        dispatcher.utter_message(image="http://x/y.png", json_message={"a": 1.0})
        n = tracker.get_slot("n")
        return [SlotSet("n", 5.0 if n is None else n + 1.5), SlotSet("nowhere", 1)]


class Reject(Action):
    def name(self): return "action_reject"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection("action_reject", "not now")


class Fail(Action):
    def name(self): return "action_fail"

    def run(self, dispatcher, tracker, domain):
        raise ValueError("broken")


class Follow(Action):
    def name(self): return "action_follow"

    def run(self, dispatcher, tracker, domain):
        return [FollowupAction("action_run")]


class Many(Action):
    def name(self): return "action_many"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("seen", ["a"]), AllSlotsReset(), SlotSet("seen", "b"), ConversationPaused(), ConversationResumed(), ActiveLoop("code_form"), ActiveLoop(None)]


class Make(Action):
    def name(self): return "action_make"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="lost")
        return [SlotSet("made", {"count": float(len(tracker.events) > 0)}), SlotSet("n", 3), FollowupAction("utter_greet")]


class Own(Action):
    def name(self): return "action_own"

    def run(self, dispatcher, tracker, domain):
        return [UserUttered("/greet", {"intent": {"name": "greet", "confidence": 1.0}, "entities": [{"entity": "color", "value": "pink"}], "text": "/greet"}), ActionExecuted("action_listen")]


class AskColor(Action):
    def name(self): return "action_ask_color"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Color?", buttons=[{"title": "red", "payload": "/inform{\"color\":\"red\"}"}])
        return []


class Remind(Action):
    def name(self): return "action_remind"

    def run(self, dispatcher, tracker, domain):
        far = datetime.datetime(2990, 1, 1)
        return [ReminderScheduled("greet", far, entities={"color": "x"}, name="far"), ReminderCancelled(name="far")]


class ValidateCodeForm(FormValidationAction):
    def name(self): return "validate_code_form"

    def validate_code(self, value, dispatcher, tracker, domain):
        if value == "bad":
            dispatcher.utter_message(response="utter_bad")
            return {"code": None}
        if value == "end":
            return {"code": "end", "requested_slot": None}
        if value == "off":
            return {"code": "off", "color": "any"}
        if value == "more":
            return {"code": "more", "n": 9.0}
        return {"code": value.upper()}


class ValidateMappings(ValidationAction):
    def validate_color(self, value, dispatcher, tracker, domain):
        return {"color": value + "!", "seen": [value]}
