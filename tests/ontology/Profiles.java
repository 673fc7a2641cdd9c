import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** Prints, for each file, its axioms and what in it is outside OWL 2 DL and OWL 2 RL: file, what, text. */
class Profiles {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            System.out.println(file + "\taxioms\t" + ontology.getLogicalAxiomCount());
            for (OWLProfile profile : new OWLProfile[] {new OWL2DLProfile(), new OWL2RLProfile()}) {
                for (OWLProfileViolation violation : profile.checkOntology(ontology).getViolations()) {
                    String text = violation.toString().replaceAll("\\s+", " ");
                    System.out.println(file + "\t" + profile.getClass().getSimpleName() + "\t" + text);
                }
            }
        }
    }
}
